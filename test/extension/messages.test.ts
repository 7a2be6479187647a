import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  ANSWER_STATES,
  MERMAID_LIMIT,
  MESSAGE_OUTCOMES,
  type MessageRow,
  type MessagesFrame,
} from "airssys-rt/inspect";
import { ancestry, chainOf } from "../../extension/src/messages/chain.ts";
import { Filter, litRows, type Pick, readFilter } from "../../extension/src/messages/filter.ts";
import { Latencies, lensText } from "../../extension/src/messages/latencies.ts";
import { arrange, groupOf, LINES_LIMIT, partakers, shortName } from "../../extension/src/messages/lifelines.ts";
import { mermaidOf } from "../../extension/src/messages/mermaid.ts";
import { KIND, MessageStore } from "../../extension/src/messages/store.ts";
import { ViewModel } from "../../extension/src/messages/view-model.ts";
import { gapText, lifeText, outcomeText, shortClock, spokenText, wayText } from "../../extension/src/messages/words.ts";
import { quantileText, quantileUs, sumOf } from "../../extension/src/programs/quantile.ts";
import { spanText } from "../../extension/src/text.ts";

const PATHS = ["shop", "shop/gateway", "shop/orders", "shop/payments/cards", "shop/dispatch"];
const TYPES = ["place", "charge", "pack", "note"];
const ORIGIN = Date.UTC(2026, 0, 1);

interface Sent {
  readonly seq: number;
  readonly cause?: number;
  /** Numbers into {@link PATHS}, from 1; 0 is outside. */
  readonly from?: number;
  readonly to?: number;
  readonly type?: number;
  readonly atMs?: number;
  readonly outcome?: number;
  readonly answer?: number;
}

function row({ seq, cause = -1, from = 2, to = 3, type = 0, atMs = seq, outcome = 0, answer = 0 }: Sent): MessageRow {
  return [seq, cause, from, to, type, atMs, 200, 400, outcome, answer, answer > 1 ? 700 : -1];
}

function frame(sent: readonly Sent[], more: Partial<MessagesFrame> = {}): MessagesFrame {
  return {
    type: "messages",
    seq: 1,
    at: ORIGIN,
    origin: ORIGIN,
    actors: PATHS.map((path, at) => [at + 1, `shop#${at + 1}`, path] as const),
    types: TYPES.map((type, at) => [at, type] as const),
    rows: sent.map(row),
    missed: 0,
    ...more,
  };
}

function store(sent: readonly Sent[], more: Partial<MessagesFrame> = {}, capacity = 1_000): MessageStore {
  const made = new MessageStore(capacity);
  made.apply("run", frame(sent, more));
  return made;
}

const all = (of: MessageStore): number[] => Array.from({ length: of.size }, (_, at) => of.begin + at);
const kinds = (of: MessageStore): number[] => all(of).map((each) => of.kind[of.slot(each)] ?? -1);
const { crashed, refused, dropped, open, late } = MESSAGE_OUTCOMES;

describe("the rows of the view Messages", () => {
  test("a message, its crash and its reply are rows of their own, in the order of their times", () => {
    const of = store([
      { seq: 1, outcome: crashed, answer: ANSWER_STATES.failed, atMs: 1 },
      { seq: 2, atMs: 1.65 },
    ]);

    assert.deepEqual(kinds(of), [KIND.message, KIND.crash, KIND.message, KIND.reply]);
    assert.deepEqual([of.messageOf(1), of.messageOf(3), of.messageOf(2)], [0, 0, 2]);
  });

  test("what becomes of a message later changes its row, and moves none that was there", () => {
    const of = store([{ seq: 1, outcome: open }, { seq: 2 }]);
    of.apply("run", frame([{ seq: 1, outcome: crashed }], { notes: [[1, 3, "RangeError: no"]] }));

    assert.deepEqual(kinds(of), [KIND.message, KIND.message, KIND.crash]);
    assert.equal(outcomeText(of, 0), "RangeError: no");
    assert.deepEqual([of.counts[open], of.counts[crashed]], [0, 1]);
  });

  test("the newest rows are kept, and the numbers of the others are free", () => {
    const of = store([], {}, 10);
    for (let seq = 0; seq < 25; seq++) of.apply("run", frame([{ seq, outcome: seq % 2 === 0 ? crashed : 0 }]));

    assert.equal(of.size, 10);
    assert.equal(of.has(of.begin - 1), false);
    const held = all(of).filter((each) => of.kind[of.slot(each)] === KIND.message);
    assert.equal((of.counts[crashed] ?? 0) + (of.counts[0] ?? 0), held.length);
  });

  test("two programs, and two runs of one, may use the same numbers", () => {
    const of = store([{ seq: 1 }]);
    of.apply("other run", frame([{ seq: 1 }, { seq: 2, cause: 1 }]));

    assert.equal(of.size, 3);
    assert.equal(of.causeOf(2), 1);
  });

  test("what is missing is one row, however often it is told in a row", () => {
    const of = store([{ seq: 1 }], { missed: 1_000 });
    of.apply("run", frame([], { missed: 204 }));

    assert.deepEqual(kinds(of), [KIND.message, KIND.gap]);
    assert.equal(gapText(of, 1), "1,204 messages were not recorded: the program was faster than this view");
    assert.equal(wayText(of, 1), "");
  });

  test("a life says which one it is and how many restarts its supervisor has left", () => {
    const of = store([{ seq: 1 }], { lives: [[4, 10, 5, "shop/payments", 4, 5, 10_000]] });

    assert.deepEqual(kinds(of), [KIND.message, KIND.life]);
    assert.equal(lifeText(of, 1), "10th life · payments 4/5");
    assert.equal(wayText(of, 1), "cards");
    assert.match(wayText(of, 0), /^[\w-]+ → [\w-]+$/);
    assert.equal(spokenText(of, 1), "cards, 10th life · payments 4/5");
  });
});

describe("chains", () => {
  const of = store([
    { seq: 1, from: 0, to: 2 },
    { seq: 2, cause: 1, from: 2, to: 3 },
    { seq: 3, from: 0, to: 5 },
    { seq: 4, cause: 2, from: 3, to: 4, outcome: crashed },
    { seq: 5, cause: 3, from: 5, to: 3 },
    { seq: 6, cause: 1, from: 2, to: 5 },
  ]);
  const messages = all(of).filter((each) => of.kind[of.slot(each)] === KIND.message);
  const seqs = (rows: Iterable<number>): number[] => [...rows].map((each) => of.seq[of.slot(each)] ?? -1);

  test("what led to a message is told from the first one on", () => {
    assert.deepEqual(seqs(ancestry(of, messages[3] ?? -1)), [1, 2, 4]);
  });

  test("a chain is all that goes back to the same first message, with its crash", () => {
    assert.deepEqual(seqs(chainOf(of, messages[3] ?? -1)), [1, 2, 4, 4, 6]);
  });

  test("a cause that is not kept any more ends the line", () => {
    const short = store([], {}, 2);
    for (const sent of [{ seq: 1 }, { seq: 2, cause: 1, from: 3 }, { seq: 3, cause: 2, from: 3 }])
      short.apply("run", frame([sent]));
    assert.equal(ancestry(short, 2).length, 2);
  });
});

describe("the filter", () => {
  const of = store(
    [
      { seq: 1, from: 0, to: 2, type: 0 },
      { seq: 2, from: 3, to: 4, type: 1, outcome: crashed },
      { seq: 3, from: 3, to: 5, type: 2, outcome: refused },
      { seq: 4, from: 5, to: 3, type: 3, outcome: dropped },
    ],
    { notes: [[2, 4, "RangeError: no issuer"]], payloads: [[3, 5, '{"orderId":9111}']], missed: 3 },
  );
  const shown = (text: string, pick: Pick = "all"): number[] => {
    const filter = new Filter(of, readFilter(text), pick);
    const messages = all(of).filter((each) => of.kind[of.slot(each)] === KIND.message);
    return messages.filter((each) => filter.shows(each)).map((each) => of.seq[of.slot(each)] ?? -1);
  };

  test("plain words are found in types, actors, reasons and payloads, all of them, whatever the case", () => {
    assert.deepEqual(shown("CARDS"), [2]);
    assert.deepEqual(shown("orders"), [2, 3, 4]);
    assert.deepEqual(shown("issuer"), [2]);
    assert.deepEqual(shown("orders, 9111"), [3]);
    assert.deepEqual(shown("nothing like it"), []);
  });

  test("type:, from: and to: look there alone", () => {
    assert.deepEqual(shown("type:pa"), [3]);
    assert.deepEqual(shown("from:orders"), [2, 3]);
    assert.deepEqual(shown("to:orders"), [4]);
    assert.deepEqual(shown("from:outside"), [1]);
    assert.deepEqual(shown("from:orders to:cards"), [2]);
    assert.deepEqual(shown("from:"), [1, 2, 3, 4]);
  });

  test("outcomes are picked", () => {
    assert.deepEqual(shown("", "crashed"), [2]);
    assert.deepEqual(shown("", "refused"), [3]);
    assert.deepEqual(shown("", "lost"), [4]);
  });

  test("a chain leaves nothing out: it is lit; the number may be written as people write it", () => {
    assert.equal(readFilter("chain:48,211 type:pack").chain, 48_211);
    assert.deepEqual(readFilter("chain:48,211, pack").words, ["pack"]);
    assert.deepEqual(shown("chain:2"), [1, 2, 3, 4]);
    assert.equal(litRows(of, readFilter("chain:2"))?.size, 2);
    assert.equal(litRows(of, readFilter("chain:77"))?.size, 0);
    assert.equal(litRows(of, readFilter("cards")), undefined);
  });

  test("what is missing stays, unless outcomes are picked", () => {
    const gap = of.end - 1;
    assert.equal(new Filter(of, readFilter("cards"), "all").shows(gap), true);
    assert.equal(new Filter(of, readFilter(""), "crashed").shows(gap), false);
  });
});

describe("lifelines", () => {
  test("they stand in the order in which actors first took part", () => {
    const of = store([
      { seq: 1, from: 3, to: 4 },
      { seq: 2, from: 0, to: 2 },
    ]);
    const { lines, places } = arrange(of, partakers(of, all(of)), undefined, new Set());

    assert.deepEqual(
      lines.map(({ path }) => shortName(path)),
      ["orders", "cards", "", "gateway"],
    );
    assert.equal(places.get(0), 2);
  });

  test("where there would be too many, supervisors stand for those below them until they are opened", () => {
    const count = LINES_LIMIT + 5;
    const actors = Array.from({ length: count }, (_, at) => [at + 1, `shop#${at + 1}`, `shop/pool/w${at}`] as const);
    const rows = actors.map(([no]) => row({ seq: no, from: 0, to: no }));
    const of = store([], { actors, rows });
    const taking = partakers(of, all(of));

    const grouped = arrange(of, taking, undefined, new Set());
    assert.deepEqual(
      grouped.lines.map(({ path, isGroup, actors: inside }) => [path, isGroup, inside.length]),
      [
        ["", false, 1],
        ["shop/pool", true, count],
      ],
    );
    const group = groupOf(of.actors[[...taking][1] ?? 0] ?? { program: "", key: "", path: "" }) ?? "";
    assert.equal(arrange(of, taking, undefined, new Set([group])).lines.length, count + 1);
    assert.equal(arrange(of, taking, false, new Set()).lines.length, count + 1);
  });

  test("who comes later takes its place among those that stand: they are arranged anew only where that groups them", () => {
    const model = new ViewModel(1_000);
    const arranged: unknown[] = [];
    const comes = (no: number) => {
      const actors = [[no, `shop#${no}`, `shop/pool-${no % 3}/w${no}`] as const];
      model.take("main", frame([{ seq: no, from: 0, to: no }], { actors }));
      if (arranged.at(-1) !== model.lines) arranged.push(model.lines);
    };
    for (let no = 1; no <= 3 * LINES_LIMIT; no++) {
      comes(no);
      const anew = arrange(model.store, partakers(model.store, model.rows), undefined, new Set());
      assert.deepEqual(model.lines.lines, anew.lines);
      assert.deepEqual(model.lines.places, anew.places);
    }
    assert.equal(arranged.length, 2);
    assert.equal(model.lines.lines.length, 4);
  });
});

describe("what the reader sees", () => {
  test("while somebody reads, nothing moves: what comes is counted, what goes at the top is told", () => {
    const model = new ViewModel(100);
    const sent = (from: number, count: number): Sent[] =>
      Array.from({ length: count }, (_, at) => ({ seq: from + at }));
    assert.equal(model.take("run", frame(sent(0, 90))), 0);
    model.freeze(1);
    const before = [model.at(0), model.at(50), model.count];

    assert.equal(model.take("run", frame(sent(90, 10))), 0);
    assert.deepEqual([model.at(0), model.at(50), model.count], [before[0], before[1], 100]);
    assert.equal(model.news, 10);
    const gone = model.take("run", frame(sent(100, 7)));
    assert.equal(gone, 7);
    assert.equal(model.at(50 - gone), before[1], "the same row, so much further up");

    model.follow();
    assert.deepEqual([model.isFollowing, model.news], [true, 0]);
  });

  test("selecting and filtering freeze; a row that is filtered away stays selected", () => {
    const model = new ViewModel(100);
    model.take(
      "run",
      frame([
        { seq: 1, type: 0 },
        { seq: 2, type: 1 },
      ]),
    );
    model.select(0, 5);
    assert.equal(model.frozenAtMs, 5);
    model.filter("type:charge", "all", 6);

    assert.deepEqual(model.rows, [1]);
    assert.deepEqual([model.selected, model.isShown(0), model.isShown(1)], [0, false, true]);
    model.filter("", "all", 7);
    assert.equal(model.placeOf(0), 0);
  });

  test("one goes along a chain by cause and by what was sent for it", () => {
    const model = new ViewModel(100);
    model.take("run", frame([{ seq: 1 }, { seq: 5 }, { seq: 2, cause: 1, from: 3, atMs: 9 }]));

    assert.deepEqual([model.along(2, -1), model.along(0, 1), model.along(0, -1), model.along(2, 1)], [0, 2, -1, -1]);
  });

  test("cleared, it is empty and follows", () => {
    const model = new ViewModel(100);
    model.take("run", frame([{ seq: 1, outcome: crashed }]));
    model.freeze(1);
    model.clear();

    assert.deepEqual([model.count, model.isFollowing, model.store.counts[crashed]], [0, true, 0]);
    model.take("run", frame([{ seq: 2 }]));
    assert.equal(model.count, 1);
  });

  test("a hundred thousand rows are filtered and taken in without a pause that is felt", () => {
    const model = new ViewModel(100_000);
    for (let at = 0; at < 100_000; at += 5_000)
      model.take("run", frame(Array.from({ length: 5_000 }, (_, more) => ({ seq: at + more, type: more % 4 }))));
    const before = process.cpuUsage();
    for (const text of ["type:pack", "cards", "from:gateway to:orders", ""]) model.filter(text, "all", 1);
    const { user, system } = process.cpuUsage(before);

    assert.equal(model.count, 100_000);
    assert.ok((user + system) / 4_000 < 150, `${(user + system) / 4_000} ms for each filter`);
  });
});

describe("Mermaid", () => {
  test("messages, replies, crashes and lives are drawn between the actors that take part", () => {
    const of = store(
      [
        { seq: 1, from: 0, to: 2, answer: ANSWER_STATES.answered },
        { seq: 2, from: 2, to: 4, type: 1, outcome: crashed, atMs: 3 },
        { seq: 3, from: 3, to: 5, type: 2, outcome: dropped, atMs: 4 },
      ],
      {
        notes: [
          [2, 4, "RangeError: no; issuer\n  Note over p1: #quot;"],
          [3, 5, "stopped"],
        ],
      },
    );

    assert.equal(
      mermaidOf(of, all(of), "outside"),
      [
        "sequenceDiagram",
        "  participant p1 as outside",
        "  participant p2 as gateway",
        "  participant p3 as cards",
        "  participant p4 as orders",
        "  participant p5 as dispatch",
        "  p1->>p2: place",
        "  p2-->>p1: place",
        "  p2-xp3: charge",
        "  Note over p3: ✕ RangeError#58; no#59; issuer Note over p1#58; #35;quot#59;",
        "  p4-)p5: pack (stopped)",
        "",
      ].join("\n"),
    );
  });

  test("no more than two hundred rows are drawn: the last ones", () => {
    const of = store(Array.from({ length: 300 }, (_, seq) => ({ seq })));
    const text = mermaidOf(of, all(of), "outside");
    assert.equal(text.match(/->>/g)?.length, MERMAID_LIMIT);
  });
});

describe("times", () => {
  test("a quantile is the upper end of the bucket in which it falls", () => {
    assert.equal(quantileUs([], 0.95), undefined);
    assert.equal(quantileUs([0, 0, 0], 0.95), undefined);
    assert.equal(quantileUs([3], 0.95), 1);
    assert.equal(quantileUs([0, 95, 5], 0.95), 2);
    assert.equal(quantileUs([0, 94, 6], 0.95), 4);
    assert.equal(quantileUs([0, 0, 0, 1], 1), 8);
    assert.deepEqual(sumOf([1, 2], [1, 1, 1]), [2, 3, 1]);
  });

  test("a quantile in the last bucket, which has no end, is over where that begins", () => {
    const minutes = [1, ...Array.from({ length: 22 }, () => 0), 99];
    assert.equal(quantileUs(minutes, 0.95), Number.POSITIVE_INFINITY);
    assert.equal(quantileText(minutes, 0.95), "over 4.2 s");
    assert.equal(quantileText(minutes, 0.01), "1 µs");
    assert.equal(quantileText([], 0.95), "");
  });

  test("a span is written as short as it can be read", () => {
    assert.deepEqual(
      [-1, 0, 240, 9_960, 40_000, 2_300_000].map((us) => spanText(us)),
      ["", "0 µs", "0.2 ms", "10 ms", "40 ms", "2.3 s"],
    );
  });

  test("the second is written where it is another one", () => {
    const at = new Date(2026, 0, 1, 14, 3, 20, 110).getTime();
    assert.equal(shortClock(at, undefined), "14:03:20.110");
    assert.equal(shortClock(at + 1, at), ".111");
    assert.equal(shortClock(at + 1_000, at), "14:03:21.110");
  });

  test("a lens says how many, how long and how many crashed, over all programs, until they have ended", () => {
    const latencies = new Latencies();
    const [one, other] = [{}, {}];
    const runs = [0, 0, 0, ...Array.from({ length: 9 }, () => 0), 312];
    latencies.take(one, { type: "stats", seq: 1, at: 0, rows: [["Cards", "charge", 312, 9, [], runs]] });
    latencies.take(other, { type: "stats", seq: 1, at: 0, rows: [["Cards", "charge", 1, 0, [], [1]]] });

    const taken = latencies.of("Cards", "charge");
    assert.equal(taken && lensText(taken), "9 crashes · 313 msg · p95 4.1 ms");
    assert.equal(latencies.of("Cards", "refund"), undefined);
    assert.equal(latencies.forget(one), true);
    const left = latencies.of(undefined, "charge");
    assert.equal(left && lensText(left), "1 msg · p95 1 µs");
  });

  test("a lens over a handler whose messages wait for long says that first", () => {
    const [waits, runs] = [
      [...Array.from({ length: 21 }, () => 0), 5],
      [...Array.from({ length: 15 }, () => 0), 5],
    ];
    const taken = { count: 5, crashes: 0, waitBuckets: waits, runBuckets: runs };
    assert.equal(lensText(taken), "waits 2.1 s, then p95 33 ms");
    assert.equal(lensText({ ...taken, crashes: 1 }), "1 crash · waits 2.1 s, then p95 33 ms");
  });
});

test("every outcome has its words", () => {
  const of = store(
    [
      { seq: 1 },
      { seq: 2, outcome: refused },
      { seq: 3, outcome: dropped, to: 4 },
      { seq: 4, outcome: late },
      { seq: 5, outcome: open },
      { seq: 6, outcome: dropped },
    ],
    {
      notes: [
        [3, 4, "stopped"],
        [6, 3, "a reason of a newer runtime"],
      ],
    },
  );
  assert.deepEqual(
    all(of).map((each) => outcomeText(of, each)),
    [
      "handled",
      "refused: mailbox full",
      "lost: cards has ended",
      "late: who asked had given up",
      "runs",
      "lost: a reason of a newer runtime",
    ],
  );
  assert.equal(spokenText(of, 2), "place, from gateway to cards, lost: cards has ended");
});
