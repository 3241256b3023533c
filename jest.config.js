// Four projects: unit (no root, no network), contract (the packed tarball, the real provider process), lab (end to end,
// needs root), and long, what of the lab takes too long for every change (npm run test:all).
const base = {
  testEnvironment: "node",
  // Two cores, and whatever else they do: no test is judged by the clock.
  testTimeout: 120_000,
  transform: { "^.+\\.ts$": ["ts-jest", { tsconfig: "tsconfig.json", diagnostics: false }] },
  moduleFileExtensions: ["ts", "js", "json"],
};

module.exports = {
  projects: [
    {
      ...base,
      displayName: "unit",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/contract/", "<rootDir>/test/lab/"],
    },
    { ...base, displayName: "contract", testMatch: ["<rootDir>/test/contract/**/*.test.ts"] },
    { ...base, displayName: "lab", testMatch: ["<rootDir>/test/lab/*.test.ts"] },
    { ...base, displayName: "long", testMatch: ["<rootDir>/test/lab/long/*.test.ts"] },
  ],
};
