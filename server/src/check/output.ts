/** Where text goes: standard output or error, or a test's. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}
