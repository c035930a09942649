"""Templates that are compiled when they are first used, and what Folium makes of them."""

from __future__ import annotations

import subprocess
import sys
import threading

import folium
import pytest
from jinja2 import Environment, Template, TemplateSyntaxError

from atlas.webmap.later import templates_later


class Shouting(Template):
    environment_class = type("Loud", (Environment,), {})


def test_a_template_is_compiled_at_its_first_use_and_says_the_same() -> None:
    compiled = []
    usual = Environment.compile

    def counted(self, source, *args, **kwargs):
        compiled.append(source)
        return usual(self, source, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Environment, "compile", counted)
        with templates_later():
            template = Shouting("{% macro script(x) %}<{{ x }}>{% endmacro %}{{ 7 * 7 }}")
        assert compiled == []
        assert isinstance(template, Shouting)
        assert template.render() == "49"
        assert template.module.script("a") == "<a>"
        assert len(compiled) == 1


def test_a_broken_template_says_so_at_its_first_use() -> None:
    with templates_later():
        template = Template("{% if %}")
    with pytest.raises(TemplateSyntaxError):
        template.render()
    assert not hasattr(Template("x"), "no_such_attribute")


def test_afterwards_templates_are_compiled_at_once_again() -> None:
    with templates_later():
        pass
    with pytest.raises(TemplateSyntaxError):
        Template("{% if %}")


def test_several_threads_may_use_it_first() -> None:
    with templates_later():
        template = Template("{{ a }}")
    said = []
    threads = [threading.Thread(target=lambda: said.append(template.render(a=1))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == ["1"] * 8


def test_folium_draws_what_it_draws_without_us() -> None:
    script = """
import folium, folium.plugins
where = folium.Map([51, 7], tiles=None)
for add in (folium.Marker([51, 7], popup="<b>x</b>"), folium.plugins.MarkerCluster([[51, 7]]),
            folium.GeoJson({"type": "Point", "coordinates": [7, 51]}), folium.LayerControl()):
    add.add_to(where)
where.get_root().render()
import re
print(re.sub("[0-9a-f]{32}", "ID", where.get_root().render()))
"""
    pages = [
        subprocess.run(
            [sys.executable, "-c", first + script], capture_output=True, text=True, check=True
        ).stdout
        for first in ("", "import atlas.webmap\n")
    ]
    assert pages[0] == pages[1]
    assert "markerClusterGroup" in pages[0]
    assert folium.Map.__module__ == "folium.folium"
