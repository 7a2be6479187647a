/** What is asked for when a process is to be started. Plain data. */

export interface ProcessRequest {
  /** Absolute path of a granted command, as the grant spells it. */
  readonly command: string;
  /** Default: none. */
  readonly args?: readonly string[];
  /** Values of variables that the grant lists. Default: those this program has. */
  readonly env?: Readonly<Record<string, string>>;
}
