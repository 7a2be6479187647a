/** Whether the system itself would run a file, by its first bytes. Pure. */

/** Bytes of a file that say it: Linux reads as many of a script's first line. */
export const HEAD_BYTES = 256;

/** A program of the machine, or a script and the path of what interprets it. */
export type ProgramFormat = { readonly kind: "binary" } | { readonly kind: "script"; readonly interpreter: string };

/** What is known of the system: its name, and the first bytes of a program that it runs (this one). */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly own: Uint8Array;
}

const BINARY: ProgramFormat = { kind: "binary" };

/** Mach-O, thin and fat, in both byte orders. */
const MACH_O: readonly (readonly number[])[] = [
  [0xfe, 0xed, 0xfa, 0xce],
  [0xfe, 0xed, 0xfa, 0xcf],
  [0xce, 0xfa, 0xed, 0xfe],
  [0xcf, 0xfa, 0xed, 0xfe],
  [0xca, 0xfe, 0xba, 0xbe],
];

/**
 * `undefined` for everything else: what the system does not take for a program, the C library hands to a shell.
 *
 * | first bytes | on | format |
 * |---|---|---|
 * | `#!` and an absolute path that ends within them | all but Windows | script |
 * | ELF of the same kind of machine as this program, executable, its parts within the file | all but macOS and Windows | binary |
 * | Mach-O | macOS (untested) | binary |
 * | PE | Windows (untested) | binary |
 *
 * @param head the first {@link HEAD_BYTES}, fewer of a shorter file.
 * @param size bytes of the whole file.
 */
export function formatOf(head: Uint8Array, size: number, { platform, own }: Machine): ProgramFormat | undefined {
  if (platform === "win32") return begins(head, [0x4d, 0x5a]) ? BINARY : undefined;
  if (begins(head, [0x23, 0x21])) return scriptOf(head);
  if (platform === "darwin") return MACH_O.some((magic) => begins(head, magic)) ? BINARY : undefined;
  return isElfLike(own, head, size) ? BINARY : undefined;
}

function begins(head: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => head[i] === byte);
}

/** As Linux reads it: the name ends at a space, a tab, a newline or a NUL, and one that does not end within the bytes is none. */
function scriptOf(head: Uint8Array): ProgramFormat | undefined {
  const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString("latin1");
  const line = `${text}${text.length < HEAD_BYTES ? "\0" : ""}`;
  const name = /^#![ \t]*(\/[^ \t\n\0]*)[ \t\n\0]/.exec(line)?.[1];
  return name === undefined ? undefined : { kind: "script", interpreter: Buffer.from(name, "latin1").toString() };
}

/** Where an ELF file says its kind (executable, or one that may lie anywhere), and the machine it is for. */
const ELF_TYPE = 16;
const ELF_MACHINE = 18;

/** Where it says where its parts are, by the width of its addresses: place of the list, size and number of its entries. */
const ELF_PARTS = {
  1: { offset: 28, entrySize: 42, count: 44, bytes: 32 },
  2: { offset: 32, entrySize: 54, count: 56, bytes: 56 },
} as const;

function isElfLike(own: Uint8Array, head: Uint8Array, size: number): boolean {
  if (!begins(head, [0x7f, 0x45, 0x4c, 0x46]) || head.length < 64) return false;
  const [width, order] = [head[4], head[5]];
  if (width !== own[4] || order !== own[5] || (width !== 1 && width !== 2)) return false;
  const [given, mine] = [head, own].map((bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)) as [
    DataView,
    DataView,
  ];
  const isLittle = order === 1;
  const { offset, entrySize, count, bytes } = ELF_PARTS[width];
  const type = given.getUint16(ELF_TYPE, isLittle);
  if ((type !== 2 && type !== 3) || given.getUint16(ELF_MACHINE, isLittle) !== mine.getUint16(ELF_MACHINE, isLittle))
    return false;
  const first = width === 2 ? Number(given.getBigUint64(offset, isLittle)) : given.getUint32(offset, isLittle);
  const parts = given.getUint16(count, isLittle);
  return given.getUint16(entrySize, isLittle) === bytes && parts > 0 && first + parts * bytes <= size;
}
