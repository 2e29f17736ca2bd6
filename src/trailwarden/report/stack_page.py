"""The frame of the page about a stack, and what its style adds to that of the scan's page."""

STYLE = """
/* Graph */
.tree, .tree ul { list-style: none; }
.tree { font-size: 0.875rem; }
.tree > li + li { margin-top: 0.75rem; }
.tree ul { margin-left: 0.45rem; padding-left: 1.1rem; border-left: 1px solid var(--line); }
.tree li { padding-block: 0.1rem; }
.tree .kind { color: var(--muted); font-size: 0.75rem; margin-right: 0.25rem; }
.tree .name { font-weight: 600; }
.tree .muted { font-size: 0.8125rem; margin-left: 0.35rem; }
.loose {
  padding: 0.05rem 0.5rem; border-radius: 1rem; font-size: 0.75rem; font-weight: 600;
  background: var(--accent-soft); color: var(--accent); white-space: nowrap;
}
.facts a { color: var(--accent); }
#part-loose-ends tbody th { white-space: nowrap; }
.panel td code { color: var(--muted); }
"""

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="$policy">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>$title - Trailwarden</title>
<link rel="icon" href="data:,">
<style>$style</style>
</head>
<body>
<a class="skip" href="#main">Skip to the stack</a>
<header class="top">
<div class="brand"><svg viewBox="0 0 16 16" width="20" height="20" aria-hidden="true">
<path d="M1 9h4l2-6 3 10 2-4h3"/></svg>
<span>Trailwarden</span><span class="muted">Stack</span></div>
</header>
<main id="main">
<section class="verdict">
$head
</section>
$body</main>
<footer>$foot</footer>
</body>
</html>
"""
