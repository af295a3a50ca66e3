import { App } from "aws-cdk-lib";
import { tellingFaults } from "../lib/deployment-error.ts";
import { readDeploymentSchemas } from "../lib/deployment-schemas.ts";
import { RollcallStack } from "../lib/rollcall-stack.ts";
import { readSettings } from "../lib/settings.ts";

const app = new App();

const make = () => {
  const settings = readSettings((name) => app.node.tryGetContext(name));
  const schemas = readDeploymentSchemas(settings.schemas);
  new RollcallStack(app, settings.stackName, { settings, schemas });
};

tellingFaults(make, (text) => {
  console.error(text);
  // Otherwise the app would go on to synthesize what there is of it.
  process.exit(1);
});
