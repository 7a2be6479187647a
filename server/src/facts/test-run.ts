/** What a file runs on the clock and the chance of a test. Plain data. */

export interface TestRun {
  /** Id of the actor or supervisor that is run. */
  readonly starts: string;
}
