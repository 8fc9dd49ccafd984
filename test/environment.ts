/**
 * Runs before each test file. What a shell, a terminal or a CI sets for the runner is not for the processes that tests
 * start: Node takes colours from a terminal where CI is set, and jest gives FORCE_COLOR to its workers on a terminal.
 */
const OF_THE_RUNNER = /^(CI|FORCE_COLOR|NO_COLOR|GITHUB_.*|ORY_.*)$/;

for (const name of Object.keys(process.env)) {
  if (OF_THE_RUNNER.test(name)) delete process.env[name];
}
