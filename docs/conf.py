"""How Sphinx makes the site: ``make docs``.  Nothing is fetched, neither when it is built nor when it is read."""

import sys
from importlib.metadata import version as installed
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "ticketcore"
author = "The ticketcore founders"
copyright = author
version = release = installed("ticketcore")

extensions = ["myst_parser", "sphinx.ext.autodoc", "rendering"]
exclude_patterns = ["**/__pycache__"]

myst_heading_anchors = 4

autodoc_default_options = {"members": True, "undoc-members": True, "show-inheritance": True, "ignore-module-all": True}
autodoc_member_order = "bysource"
autodoc_preserve_defaults = False
add_module_names = False
python_use_unqualified_type_names = True
maximum_signature_line_length = 88
toc_object_entries_show_parents = "hide"

html_theme = "furo"
pygments_dark_style = "github-dark"
html_title = f"ticketcore {release}"
html_copy_source = False
html_show_copyright = False
html_static_path = ["_static"]
html_css_files = ["site.css"]
