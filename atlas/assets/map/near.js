// The circle of a search nearby, as wide as the filter measures it, and a cross at its centre.
(function (Atlas) {
  "use strict";
  const EQUATOR = 6378137, FLAT = 0.00669438; // the ellipsoid: radius in metres, eccentricity squared
  const CORNERS = 180;
  const DECIMETRES = 10;

  // Corners as world pixels at zoom 0. Up to the radii on offer (50 km) a circle is none on a
  // Mercator map: its northern half is drawn larger than its southern one.
  function corners(lat, lon, metres) {
    const one = Math.PI / 180, phi = lat * one;
    const bulge = 1 - FLAT * Math.sin(phi) ** 2;
    const across = EQUATOR / Math.sqrt(bulge), along = (EQUATOR * (1 - FLAT)) / bulge ** 1.5;
    return Array.from({ length: CORNERS }, (_, at) => {
      const east = metres * Math.sin((2 * Math.PI * at) / CORNERS), north = metres * Math.cos((2 * Math.PI * at) / CORNERS);
      const foot = phi + north / along; // a straight line to the east leaves its parallel to the south
      const y = foot - (east * east * Math.tan(foot)) / (2 * along * across);
      return [Atlas.mercator.x(lon + east / (across * Math.cos(foot)) / one) - Atlas.origin.x, Atlas.mercator.y(y / one) - Atlas.origin.y];
    });
  }

  // Twice, so that both lines stand out from whatever lies below.
  function stroke(context, palette, width) {
    for (const [colour, wide] of [[palette.casing, width + 2.4], [palette.select, width]]) {
      context.strokeStyle = colour;
      context.lineWidth = wide;
      context.stroke();
    }
  }

  function cross(context, x, y, size) {
    context.beginPath();
    for (const [dx, dy] of [[1, 0], [0, 1], [-1, 0], [0, -1]]) {
      context.moveTo(x + dx * size * 0.3, y + dy * size * 0.3);
      context.lineTo(x + dx * size, y + dy * size);
    }
  }

  class Near {
    constructor() { this.text = ""; }

    // `around`: latitude, longitude, and what the legend says; the filter has the radius.
    take({ around, spec }) {
      const wanted = around && spec && spec.near ? [...around, spec.near[2]] : null;
      if (String(wanted) === String(this.taken)) return;
      this.taken = wanted;
      this.text = wanted ? around[2] : "";
      if (!wanted) return;
      const [lat, lon] = around;
      this.centre = [Atlas.mercator.x(lon) - Atlas.origin.x, Atlas.mercator.y(lat) - Atlas.origin.y];
      this.corners = corners(lat, lon, spec.near[2] / DECIMETRES);
    }

    get shown() { return Boolean(this.taken); }

    paint(context, stage, palette, bold) {
      if (!this.shown) return;
      context.lineJoin = context.lineCap = "round";
      context.beginPath();
      for (const [x, y] of this.corners) context.lineTo(stage.x(x), stage.y(y));
      context.closePath();
      stroke(context, palette, bold ? 3 : 1.8);
      cross(context, stage.x(this.centre[0]), stage.y(this.centre[1]), bold ? 20 : 14);
      stroke(context, palette, bold ? 4 : 2.6);
      context.lineCap = "butt";
    }

    icon(palette) {
      return Atlas.picture(20, (context) => {
        context.beginPath();
        context.arc(0, 0, 8.5, 0, 2 * Math.PI);
        context.strokeStyle = palette.select;
        context.lineWidth = 1.6;
        context.stroke();
        cross(context, 0, 0, 4.5);
        context.stroke();
      });
    }
  }
  Atlas.Near = Near;
})(window.AtlasMap);
