// Five projects: unit (no root, no network), contract (the packed tarball, the real provider process), lab (end to end,
// needs root; three labs side by side), alone (what has to be the only lab), and long, what of the lab takes too long for
// every change (npm run test:all).
const base = {
  testEnvironment: "node",
  transform: { "^.+\\.ts$": ["ts-jest", { tsconfig: "tsconfig.json", diagnostics: false }] },
  moduleFileExtensions: ["ts", "js", "json"],
};

module.exports = {
  testSequencer: "<rootDir>/test/lab/longest-first.cjs",
  // Two cores, and whatever else they do: no test is judged by the clock. Of a project jest takes no such value.
  testTimeout: 120_000,
  projects: [
    {
      ...base,
      displayName: "unit",
      testMatch: ["<rootDir>/test/**/*.test.ts", "<rootDir>/bench/test/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/contract/", "<rootDir>/test/lab/"],
    },
    { ...base, displayName: "contract", testMatch: ["<rootDir>/test/contract/**/*.test.ts"] },
    {
      ...base,
      displayName: "lab",
      testMatch: ["<rootDir>/test/lab/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/lab/the-lab.test.ts"],
    },
    // What it looks at is the whole machine's, so no other lab may come and go meanwhile.
    { ...base, displayName: "alone", testMatch: ["<rootDir>/test/lab/the-lab.test.ts"] },
    { ...base, displayName: "long", testMatch: ["<rootDir>/test/lab/long/*.test.ts"] },
  ],
};
