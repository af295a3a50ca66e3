import { App } from "aws-cdk-lib";
import { RollcallStack } from "../lib/rollcall-stack.ts";
import { readSettings } from "../lib/settings.ts";

const app = new App();
const settings = readSettings((name) => app.node.tryGetContext(name));

new RollcallStack(app, settings.stackName, { settings });
