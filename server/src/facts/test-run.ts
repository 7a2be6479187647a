/** What a file runs on the clock and the chance of a test. Plain data. */

export interface TestRun {
  /** Id of the actor or supervisor that is run. */
  readonly starts: string;
  /** The test's system runs it: the globals of the machine that tell the time, wait and draw lots are the test's there. */
  readonly isInSystem: boolean;
}
