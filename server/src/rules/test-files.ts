/** Which files are tests: they may do by hand what a program leaves to the system. */

const TEST_FILE = /(?:^|[/.])(?:test|tests|spec|__tests__|testing|bench)[/.]/;

export function isTestFile(path: string): boolean {
  return TEST_FILE.test(path);
}
