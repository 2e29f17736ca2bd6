"""The break-in: one night, one attacker, from a leaked key to an open bucket.

1. An access key that an engineer's script uses has leaked. Somebody tries it out from an unusual
   address: a burst of reads, most of them denied.
2. The same somebody guesses passwords on the console's sign-in page, and gets in as an IAM user
   without MFA.
3. That user makes a new one: administrator, with a password and an access key; and lets an
   outside account assume a role.
4. The new user reads secrets and tries to start large instances. The root user's password is
   reset and root signs in, without MFA.
5. What watches is switched off: a trail, alarms, the configuration recorder, flow logs; a key is
   scheduled for deletion. A service control policy protects the organization's trail.
6. The network is opened: security group, network ACL, gateway, route, a peering to outside.
7. A bucket is made public.
8. Through a role in the management account the protecting policy is detached, and the account
   tries to leave the organization.
9. In the morning the engineer on call undoes what can be undone.

Names, addresses, resources and times vary with the seed.
"""

from __future__ import annotations

from trailwarden.simulate.estate import Estate
from trailwarden.simulate.script import Script
from trailwarden.simulate.story import damage, entry, response
from trailwarden.simulate.story.roles import Roles

_START = 48 * 60  # seconds after midnight, UTC: the small hours of the company's engineers


def tell(script: Script, estate: Estate) -> None:
    """Write the story into ``script``, whose day begins at ``script.now``."""
    roles = Roles(estate)
    script.now += _START + script.random.random() * 2400
    entry.try_leaked_key(script, roles)
    entry.guess_passwords(script, roles)
    entry.make_a_user(script, roles)
    damage.use_privileges(script, roles)
    damage.become_root(script, roles)
    damage.switch_off_watching(script, roles)
    damage.open_the_network(script, roles)
    damage.open_a_bucket(script, roles)
    damage.attack_the_organization(script, roles)
    response.undo(script, roles)
