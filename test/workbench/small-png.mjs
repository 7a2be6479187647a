// Makes a PNG small, so that pictures of windows weigh little: at most 256 colours, each that of a box of the median cut.
import zlib from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Bytes of a pixel, by colour type: of those that Chromium and drawing programs write. */
const CHANNELS = { 2: 3, 6: 4 };
const COLOURS = 256;

/**
 * @param {Buffer} png with 8 bits a channel, RGB or RGBA, not interlaced
 * @returns {Buffer} the same picture with a palette
 * @throws {Error} when it is another kind of PNG
 */
export function smallPng(png) {
  const { width, height, pixels } = decode(png);
  const { palette, indexOf } = paletteOf(pixels);
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = indexOf.get(pixels[y * width + x]) ?? 0;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(palette.flatMap((colour) => colour.slice(0, 3)))),
    ...(palette.some(([, , , alpha]) => alpha < 255)
      ? [chunk("tRNS", Buffer.from(palette.map(([, , , alpha]) => alpha)))]
      : []),
    chunk("IDAT", zlib.deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** @returns {{ width: number, height: number, pixels: Uint32Array }} each pixel as 0xAARRGGBB */
function decode(png) {
  const chunks = [...chunksOf(png)];
  const header = chunks.find(({ type }) => type === "IHDR")?.data;
  const [width, height] = [header?.readUInt32BE(0) ?? 0, header?.readUInt32BE(4) ?? 0];
  const channels = CHANNELS[header?.[9] ?? -1];
  if (header?.[8] !== 8 || channels === undefined || header[12] !== 0) throw new Error("this kind of PNG is not known");
  const raw = zlib.inflateSync(Buffer.concat(chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data)));
  const stride = width * channels;
  const pixels = new Uint32Array(width * height);
  let above = Buffer.alloc(stride);
  for (let y = 0; y < height; y++) {
    const from = y * (stride + 1);
    const row = Buffer.from(raw.subarray(from + 1, from + 1 + stride));
    unfilter(raw[from], row, above, channels);
    for (let x = 0; x < width; x++) {
      const at = x * channels;
      const alpha = channels === 4 ? row[at + 3] : 255;
      pixels[y * width + x] = ((alpha << 24) | (row[at] << 16) | (row[at + 1] << 8) | row[at + 2]) >>> 0;
    }
    above = row;
  }
  return { width, height, pixels };
}

function* chunksOf(png) {
  if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error("this is no PNG");
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    yield { type: png.toString("latin1", at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) };
    at += 12 + length;
  }
}

/** Undoes what a row was filtered by. */
function unfilter(filter, row, above, channels) {
  for (let at = 0; at < row.length; at++) {
    const left = at < channels ? 0 : row[at - channels];
    const up = above[at];
    const corner = at < channels ? 0 : above[at - channels];
    row[at] += [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
  }
}

function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [byLeft, byUp, byCorner] = [left, up, corner].map((one) => Math.abs(guess - one));
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}

/** Colours that cover much of the picture keep their own place: backgrounds do not change. */
function paletteOf(pixels) {
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const colours = [...counts].map(([pixel, count]) => ({ pixel, count, parts: partsOf(pixel) }));
  colours.sort((one, other) => other.count - one.count);
  const boxes = colours.splice(0, COLOURS / 2).map((colour) => [colour]);
  if (colours.length > 0) boxes.push(...cut(colours, COLOURS - boxes.length));
  const indexOf = new Map();
  boxes.forEach((box, index) => {
    for (const { pixel } of box) indexOf.set(pixel, index);
  });
  return { palette: boxes.map(meanOf), indexOf };
}

const partsOf = (pixel) => [(pixel >> 16) & 255, (pixel >> 8) & 255, pixel & 255, pixel >>> 24];

/** Cuts the box with the widest side in two, until there are so many, or none can be cut. */
function cut(colours, most) {
  const boxes = [colours];
  while (boxes.length < most) {
    const widest = boxes
      .map((box, index) => ({ index, ...sideOf(box) }))
      .filter(({ width }) => width > 0)
      .sort((one, other) => other.width - one.width)[0];
    if (!widest) break;
    const { index, part } = widest;
    const box = boxes[index].sort((one, other) => one.parts[part] - other.parts[part]);
    boxes.splice(index, 1, box.slice(0, box.length >> 1), box.slice(box.length >> 1));
  }
  return boxes;
}

/** The widest side of a box. */
function sideOf(box) {
  const widths = [0, 1, 2, 3].map((part) => {
    let [least, most] = [255, 0];
    for (const { parts } of box) {
      least = Math.min(least, parts[part]);
      most = Math.max(most, parts[part]);
    }
    return most - least;
  });
  const width = Math.max(...widths);
  return { width, part: widths.indexOf(width) };
}

function meanOf(box) {
  const weight = box.reduce((sum, { count }) => sum + count, 0);
  return [0, 1, 2, 3].map((part) =>
    Math.round(box.reduce((sum, { parts, count }) => sum + parts[part] * count, 0) / weight),
  );
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(zlib.crc32(body) >>> 0);
  return Buffer.concat([length, body, check]);
}
