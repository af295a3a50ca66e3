const common = {
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  transform: {},
  modulePathIgnorePatterns: ["<rootDir>/cdk.out", "<rootDir>/.local"],
};

/** Tests that need no store: `npm run check` runs these alone. */
const core = [
  "architecture.test.ts",
  "documents.test.ts",
  "env.test.ts",
  "deployment.test.ts",
  "scim/",
  "entra/",
  "lib/",
];

export default {
  coverageProvider: "v8",
  testTimeout: 60_000,
  // One less than there are cores would leave one alone on a machine with two.
  maxWorkers: 2,
  projects: [
    {
      ...common,
      displayName: "core",
      testMatch: core.map((path) =>
        path.endsWith("/") ? `<rootDir>/test/${path}**/*.test.ts` : `<rootDir>/test/${path}`,
      ),
    },
    {
      ...common,
      displayName: "store",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: core.map((path) => `<rootDir>/test/${path}`),
      globalSetup: "<rootDir>/test/support/start-store.ts",
      globalTeardown: "<rootDir>/test/support/stop-store.ts",
      setupFilesAfterEnv: ["<rootDir>/test/support/make-table.ts"],
    },
  ],
};
