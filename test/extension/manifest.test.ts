import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { suite, test } from "node:test";

const folder = path.join(import.meta.dirname, "../../extension");
const words = JSON.parse(readFileSync(path.join(folder, "package.nls.json"), "utf8")) as Record<string, string>;
const written = readFileSync(path.join(folder, "package.json"), "utf8");
const manifest = JSON.parse(written, (_key, value: unknown) =>
  typeof value === "string" ? value.replace(/^%(.+)%$/, (whole, key: string) => words[key] ?? whole) : value,
) as {
  version: string;
  icon: string;
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: {
    commands: { command: string; title: string; category: string; enablement?: string }[];
    keybindings: { command: string; when?: string }[];
    menus: Record<string, { command: string; when?: string }[]>;
    viewsWelcome: { contents: string }[];
    walkthroughs: {
      id: string;
      steps: { id: string; description: string; media: { svg: string; altText: string }; completionEvents: string[] }[];
    }[];
    configuration: { properties: Record<string, { default: unknown }> }[];
  };
};
const declared = manifest.contributes.commands.map(({ command }) => command);
const source = (file: string) => readFileSync(path.join(folder, "src", file), "utf8");

suite("the manifest", () => {
  test("declares the commands there are, and no others", () => {
    const known = [...source("commands.ts").matchAll(/"(airssys\.\w+)":/g)].map(([, id]) => id);
    assert.deepEqual([...declared].sort(), [...known].sort());
    assert.ok(manifest.contributes.commands.every(({ category }) => category === "Airssys"));
  });

  test("has no tree view of which a host that was killed may have said what nobody takes back", () => {
    const files = readdirSync(path.join(folder, "src"), { recursive: true, encoding: "utf8" });
    const makers = files.filter((file) => file.endsWith(".ts") && source(file).includes("createTreeView("));
    assert.deepEqual(makers, ["fresh-view.ts"]);
    for (const said of ["message", "description", "badge"])
      assert.match(source("fresh-view.ts"), new RegExp(`view\\.${said} = `));
  });

  test("offers in menus and welcome texts only what is declared", () => {
    const offered = Object.values(manifest.contributes.menus).flatMap((items) => items.map(({ command }) => command));
    const linked = manifest.contributes.viewsWelcome.flatMap(({ contents }) =>
      [...contents.matchAll(/command:(airssys\.\w+)/g)].map(([, id]) => id ?? ""),
    );
    for (const command of [...offered, ...linked]) assert.ok(declared.includes(command), command);
  });

  test("gives every command a title, a way by keyboard, and says when it can be run", () => {
    const { commands, menus, keybindings } = manifest.contributes;
    const palette = new Map((menus["commandPalette"] ?? []).map(({ command, when }) => [command, when]));
    const isInPalette = (command: string): boolean => palette.get(command) !== "false";
    const hasKey = new Set(keybindings.map(({ command }) => command));
    /** A button of a view, or a row, whose command is another one's: that one is in the palette. */
    const hasTwin = (title: string): boolean =>
      commands.some((other) => other.title === title && isInPalette(other.command));
    /** What always does something, wherever one is. */
    const always = [
      "show",
      "showAround",
      "watchProgram",
      "showLog",
      "showMessages",
      "openRecording",
      "copyRecordingMermaid",
    ];

    const faults = commands.flatMap(({ command, title, enablement }) => [
      ...(/^[A-Z].{3,}$/.test(title) ? [] : [`${command} has no title`]),
      ...(isInPalette(command) || hasKey.has(command) || hasTwin(title) ? [] : [`${command} has no keyboard way`]),
      ...(enablement !== undefined ||
      palette.get(command) !== undefined ||
      always.includes(command.slice("airssys.".length))
        ? []
        : [`${command} says nowhere when it can be run`]),
    ]);
    assert.deepEqual(faults, []);
    assert.deepEqual(
      [...palette.keys(), ...hasKey].filter((command) => !declared.includes(command)),
      [],
    );
  });

  test("takes no key from the editor: each of ours is for one of our views, for a stop in an actor, or for what nobody has configured", () => {
    const ours =
      /focusedView == airssys\.|airssys\.isStoppedInActor|airssys\.canStepBack|airssys\.hasProgram && !airssys\.isConfigured|airssys\.readsMessages/;
    for (const { command, when = "" } of manifest.contributes.keybindings) assert.match(when, ours, command);
  });

  test("has a walkthrough of five steps, each with a button that is a command, a picture and an event that completes it", () => {
    const [walkthrough] = manifest.contributes.walkthroughs;
    assert.equal(`airssys.airssys#${walkthrough?.id}`, /WALKTHROUGH = "(.+)"/.exec(source("walkthrough.ts"))?.[1]);
    const steps = walkthrough?.steps ?? [];
    assert.equal(steps.length, 5);
    const told = [...source("milestone.ts").matchAll(/"(has\w+)"/g)];
    assert.deepEqual(
      steps.flatMap(({ completionEvents }) => completionEvents).sort(),
      told.map(([, key]) => `onContext:airssys.${key}`).sort(),
    );
    for (const { id, description, media } of steps) {
      const buttons = [...description.matchAll(/^\[.+\]\(command:([\w.]+)\)$/gm)].map(([, command]) => command ?? "");
      assert.equal(buttons.length, 1, id);
      assert.ok(
        buttons.every((command) => declared.includes(command) || command === "airssys.breakpoints.focus"),
        id,
      );
      assert.match(
        readFileSync(path.join(folder, media.svg), "utf8"),
        /var\(--vscode-/,
        "its colours are those of the theme",
      );
      assert.ok(media.altText.length > 20, id);
    }
  });

  test("lets a program that runs be watched in a workspace that is not trusted, and says so, but runs nothing there", () => {
    const needsTrust = (name: string): boolean =>
      (manifest.contributes.commands.find(({ command }) => command === `airssys.${name}`)?.enablement ?? "").includes(
        "isWorkspaceTrusted",
      );
    assert.deepEqual(["watchProgram", "stopWatching", "showMessages", "openRecording"].filter(needsTrust), []);
    for (const name of ["run", "debug", "recordStart", "replayActor", "exploreSchedules", "debugSchedule"])
      assert.ok(needsTrust(name), name);
    for (const language of ["", ".de"]) {
      const texts = JSON.parse(readFileSync(path.join(folder, `package.nls${language}.json`), "utf8")) as Record<
        string,
        string
      >;
      assert.match(texts["welcome.untrusted"] ?? "", /command:airssys\.watchProgram/);
      assert.match(texts["untrusted"] ?? "", /watch|beobacht/i);
    }
    // No setting of such a workspace counts in what is started: it is for the user alone to say.
    assert.deepEqual(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations, [
      "airssys.nodePath",
      "airssys.tests.command",
    ]);
  });

  // VS Code draws each row again when such a key changes, also one that is being taken away: then it loses it.
  test("lets the menus of rows depend on nothing that changes when programs come and go", () => {
    const items = manifest.contributes.menus["view/item/context"] ?? [];
    const conditions = items.flatMap(({ command, when = "" }) => [
      when,
      manifest.contributes.commands.find((one) => one.command === command)?.enablement ?? "",
    ]);
    assert.ok(conditions.length > 20);
    for (const condition of conditions)
      assert.doesNotMatch(condition, /(?<!view == )\bairssys\./, "a key of ours decides about the menus of rows");
  });

  test("says in conditions only what the window is told, by the one file that takes it back after a killed host", () => {
    const told = [...source("context-keys.ts").matchAll(/"(airssys\.\w+)"/g)].map(([, key]) => key);
    const views = [...written.matchAll(/"(?:id|viewType)": "(airssys\.\w+)"/g)].map(([, id = ""]) => id);
    const conditions = [...written.matchAll(/"(?:when|enablement)": "([^"]*)"/g)].map(
      ([, condition = ""]) => condition,
    );
    const asked = new Set(
      conditions.flatMap((condition) => condition.match(/(?<!controllerId == )\bairssys\.\w+/g) ?? []),
    );
    for (const view of views) asked.delete(view);
    assert.ok(asked.size >= 10);
    for (const key of asked) assert.ok(told.includes(key), key);
    const files = readdirSync(path.join(folder, "src"), { recursive: true, encoding: "utf8" });
    const telling = files.filter((file) => file.endsWith(".ts") && source(file).includes('"setContext"'));
    assert.deepEqual(telling, ["context-keys.ts"]);
  });

  test("declares the settings that are read, with the same defaults", () => {
    const settings = Object.assign(
      {},
      ...manifest.contributes.configuration.map(({ properties }) => properties),
    ) as Record<string, { default: unknown }>;
    for (const [, name, value] of source("config.ts").matchAll(/section\.get\("(\w+)", ([^)]+)\)/g)) {
      assert.deepEqual(settings[`airssys.${name}`]?.default, JSON.parse(value ?? ""), name);
    }
  });

  test("says in package.nls.json all that people read, and there nothing else", () => {
    const isRead =
      /^(title|label|description|markdownDescription|contents|contextualTitle|category|displayName|altText|enumDescriptions)$/;
    const brand = "Airssys";
    const used: string[] = [];
    const visit = (value: unknown, key: string, place: string): void => {
      if (typeof value === "string") {
        const [, word] = /^%(.+)%$/.exec(value) ?? [];
        if (word !== undefined) used.push(word);
        else if (isRead.test(key) || / [a-z]+ /.test(value.replace(/^[^"]* (&&|\|\||=~|==) .*$/, "")))
          assert.ok(value === brand || place.includes(".pattern.") || place.endsWith("Pattern"), `${place}: ${value}`);
      } else if (Array.isArray(value)) for (const each of value as unknown[]) visit(each, key, place);
      else if (typeof value === "object" && value !== null)
        for (const [name, each] of Object.entries(value)) visit(each, name, `${place}.${name}`);
    };
    visit(JSON.parse(written), "", "package.json");
    assert.deepEqual([...new Set(used)].sort(), Object.keys(words).sort());
  });

  test("names an icon that is there, and a changelog of this version", () => {
    assert.ok(existsSync(path.join(folder, manifest.icon)));
    assert.match(readFileSync(path.join(folder, "CHANGELOG.md"), "utf8"), new RegExp(`^## ${manifest.version}$`, "m"));
  });
});
