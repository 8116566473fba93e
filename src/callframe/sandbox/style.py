"""How the page looks; everything is in the page itself, so that it works with no network."""

__all__ = ["STYLE"]

STYLE = """
:root { --ink: #1c2430; --quiet: #69727f; --line: #e3e7ec; --paper: #fff; --ground: #f5f6f8; --link: #1b5fc1; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 1200px; margin: 0 auto; padding: 32px 24px 64px; }
header { margin-bottom: 20px; }
h1 { font-size: 26px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -.01em; }
h2 { font-size: 17px; margin: 32px 0 10px; }
header p, .quiet { color: var(--quiet); margin: 0; overflow-wrap: anywhere; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
nav { margin-bottom: 14px; font-size: 14px; }
.switch { font-size: 13px; font-weight: 400; margin-left: 10px; }
.wide { overflow-x: auto; background: var(--paper); border: 1px solid var(--line); border-radius: 10px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; font-weight: 600; font-size: 12px; color: var(--quiet); white-space: nowrap; }
th, td { padding: 9px 14px; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody tr:last-child td { border-bottom: 0; }
td { max-width: 340px; }
.long { overflow-wrap: anywhere; min-width: 110px; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.nowrap, .rows td { white-space: nowrap; }
.rows td { max-width: 320px; overflow: hidden; text-overflow: ellipsis; font-variant-numeric: tabular-nums; }
.rows .verdict { white-space: normal; min-width: 190px; }
.rows small { display: block; color: var(--quiet); line-height: 1.35; }
tr.bad .verdict, li.bad b, .fewer { color: #b3261e; }
tr.bad { background: #fdf4f3; }
tr.taken .verdict { color: #1c7a45; }
tr.note .verdict, li.note b { color: #8a5a00; }
.status { display: inline-block; padding: 1px 9px; border-radius: 20px; font-size: 12px; font-weight: 600;
  background: #e8effa; color: #1b4f9c; white-space: nowrap; }
.status.good { background: #e3f4ea; color: #1c7a45; }
.status.odd { background: #fdf0d9; color: #8a5a00; }
.figures { display: flex; flex-wrap: wrap; background: var(--paper);
  border: 1px solid var(--line); border-radius: 10px; }
.figures div { padding: 14px 20px; min-width: 92px; }
.figures b { display: block; font-size: 22px; line-height: 1.3; font-variant-numeric: tabular-nums; }
.figures .status { margin: 5px 0 4px; font-size: 13px; }
.figures div > span:last-child { display: block; font-size: 13px; color: var(--quiet); }
.reasons { list-style: none; margin: 0; padding: 0; }
.reasons b { display: inline-block; min-width: 40px; font-variant-numeric: tabular-nums; }
.empty { padding: 40px; text-align: center; color: var(--quiet); background: var(--paper);
  border: 1px dashed #cbd2da; border-radius: 10px; margin: 0; }
pre { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; margin: 0;
  overflow-x: auto; font: 13px/1.55 ui-monospace, "SF Mono", Menlo, "DejaVu Sans Mono", monospace; }
code { font: 13px ui-monospace, "SF Mono", Menlo, "DejaVu Sans Mono", monospace; }
"""
