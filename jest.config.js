const common = {
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  transform: {},
  modulePathIgnorePatterns: ["<rootDir>/cdk.out", "<rootDir>/.local"],
};

const needsNothing = ["architecture.test.ts", "scim", "entra", "lib"].map((at) =>
  at.endsWith(".ts") ? `<rootDir>/test/${at}` : `<rootDir>/test/${at}/**/*.test.ts`,
);

export default {
  coverageProvider: "v8",
  testTimeout: 60_000,
  projects: [
    { ...common, displayName: "core", testMatch: needsNothing },
    {
      ...common,
      displayName: "store",
      testMatch: ["<rootDir>/test/**/*.test.ts", ...needsNothing.map((glob) => `!${glob}`)],
      globalSetup: "<rootDir>/test/support/start-store.ts",
      globalTeardown: "<rootDir>/test/support/stop-store.ts",
    },
  ],
};
