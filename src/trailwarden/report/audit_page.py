"""The frame of the page about an audit, and what its style adds to that of the scan's page."""

STYLE = """
/* Audit: states by word and by shape, not by colour alone */
.state.FAIL { color: var(--alarm-ink); }
.state.FAIL::before { background: var(--alarm); border-color: var(--alarm); }
.state.WEAK { color: var(--accent); }
.state.WEAK::before { background: linear-gradient(90deg, currentColor 50%, transparent 50%); }
.state.UNKNOWN::before { border-style: dotted; }
.panel tbody th a { color: var(--accent); }
.controls td, .controls th { white-space: nowrap; }
.controls td.title { white-space: normal; width: 99%; }
.findings { list-style: none; }
.findings li {
  display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: 0 0.75rem;
  padding-block: 0.55rem; border-bottom: 1px solid var(--line); font-size: 0.875rem;
}
.findings li:last-child { border-bottom: 0; }
.findings .state { align-self: start; line-height: 1.3rem; }
.findings p + p { margin-top: 0.15rem; }
.findings .cure { color: var(--muted); }
.panel h4 { margin: 1.1rem 0 0.35rem; }
.example summary { cursor: pointer; font-size: 0.8125rem; color: var(--accent); }
.example .json { margin-top: 0.5rem; }
.panel h4 + p { font-size: 0.875rem; }
.verdicts tbody th { white-space: nowrap; }
.verdicts td.why { width: 60%; }
.verdicts .cure { color: var(--muted); display: block; }
@media (max-width: 46rem) {
  .findings li { grid-template-columns: minmax(0, 1fr); }
  .controls td, .controls th { white-space: normal; }
}
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
<title>Audit of $title - Trailwarden</title>
<link rel="icon" href="data:,">
<style>$style</style>
</head>
<body>
<a class="skip" href="#main">Skip to the audit</a>
<header class="top">
<div class="brand"><svg viewBox="0 0 16 16" width="20" height="20" aria-hidden="true">
<path d="M1 9h4l2-6 3 10 2-4h3"/></svg>
<span>Trailwarden</span><span class="muted">Audit</span></div>
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
