// A registry of npm on this machine that has a few packages: those that are installed here, as they are.
import { createHash } from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { root } from "./paths.mjs";
import { run } from "./processes.mjs";

/**
 * Serves packages of this repository's `node_modules`, with their dependencies where those are installed too.
 *
 * @param {readonly string[]} names
 * @param {string} folder for their archives
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function startStubRegistry(names, folder) {
  const known = new Map();
  for (const name of withDependencies(names)) known.set(name, await pack(name, folder));
  const server = http.createServer((request, response) => {
    const place = decodeURIComponent(new URL(request.url ?? "/", "http://stub").pathname.slice(1));
    const archive = /^-\/(.+)$/.exec(place)?.[1];
    const found = known.get(place);
    if (archive !== undefined) response.end(fs.readFileSync(path.join(folder, path.basename(archive))));
    else if (found) response.end(JSON.stringify(document(found, `http://${request.headers.host}`)));
    else response.writeHead(404).end("{}");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/** Optional ones, such as those for other systems, are left out where they are not installed. */
function withDependencies(names) {
  const all = new Set(names);
  for (const name of all) {
    const { dependencies, optionalDependencies } = manifestOf(name);
    for (const other of Object.keys({ ...dependencies, ...optionalDependencies }))
      if (isInstalled(other)) all.add(other);
  }
  return all;
}

async function pack(name, folder) {
  const from = path.join(root, "node_modules", name);
  const packed = await run("npm", ["pack", from, "--json", "--ignore-scripts", "--pack-destination", folder]);
  const [{ filename }] = JSON.parse(packed);
  const integrity = createHash("sha512")
    .update(fs.readFileSync(path.join(folder, filename)))
    .digest("base64");
  return { manifest: manifestOf(name), filename, integrity: `sha512-${integrity}` };
}

function document({ manifest, filename, integrity }, url) {
  const optional = Object.entries(manifest.optionalDependencies ?? {}).filter(([name]) => isInstalled(name));
  const version = {
    ...manifest,
    optionalDependencies: Object.fromEntries(optional),
    dist: { tarball: `${url}/-/${filename}`, integrity },
  };
  return {
    name: manifest.name,
    "dist-tags": { latest: manifest.version },
    versions: { [manifest.version]: version },
  };
}

function manifestOf(name) {
  return JSON.parse(fs.readFileSync(path.join(root, "node_modules", name, "package.json"), "utf8"));
}

function isInstalled(name) {
  return fs.existsSync(path.join(root, "node_modules", name, "package.json"));
}
