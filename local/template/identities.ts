import { type JsonObject, textOrEmpty } from "../json.ts";
import { account, region, stableId } from "./pseudo-parameters.ts";

/** What `Ref` and `Fn::GetAtt` give for a resource. */
export interface Identity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

interface Named {
  readonly stackName: string;
  readonly logicalId: string;
  /** The properties as the template has them; a name may be given there. */
  readonly properties: JsonObject;
}

/**
 * The physical identity of each resource type that something refers to. Names
 * are the same at every start, so that data that was kept is found again.
 */
export const identities: Readonly<Record<string, (named: Named) => Identity>> = {
  "AWS::ApiGateway::Deployment": (named) => ({ ref: shortId(named), attributes: {} }),
  "AWS::ApiGateway::Resource": (named) => ({ ref: shortId(named), attributes: {} }),
  "AWS::ApiGateway::RestApi": (named) => ({
    ref: shortId(named),
    attributes: { RestApiId: shortId(named), RootResourceId: rootResourceId(shortId(named)) },
  }),
  "AWS::ApiGateway::Stage": ({ properties }) => ({
    ref: textOrEmpty(properties.StageName),
    attributes: {},
  }),
  "AWS::DynamoDB::GlobalTable": table,
  "AWS::DynamoDB::Table": table,
  "AWS::Events::Rule": (named) => {
    const name = nameOf(named, "Name", 64);
    return { ref: name, attributes: { Arn: arn("events", `rule/${name}`) } };
  },
  "AWS::IAM::Role": (named) => {
    const name = nameOf(named, "RoleName", 64);
    return { ref: name, attributes: { Arn: `arn:aws:iam::${account}:role/${name}` } };
  },
  "AWS::Lambda::Function": (named) => {
    const name = nameOf(named, "FunctionName", 64);
    return { ref: name, attributes: { Arn: arn("lambda", `function:${name}`) } };
  },
  "AWS::Logs::LogGroup": (named) => {
    const name = nameOf(named, "LogGroupName", 512);
    return { ref: name, attributes: { Arn: arn("logs", `log-group:${name}:*`) } };
  },
  "AWS::SQS::Queue": (named) => {
    const name = nameOf(named, "QueueName", 80);
    const url = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
    return { ref: url, attributes: { Arn: arn("sqs", name), QueueName: name, QueueUrl: url } };
  },
};

/** The id of the resource `/` of an API. */
export const rootResourceId = (apiId: string): string => stableId(`${apiId}/`, 10);

function table(named: Named): Identity {
  const name = nameOf(named, "TableName", 255);
  const own = arn("dynamodb", `table/${name}`);
  // A stream's label tells when it was begun; here it is the same at every start.
  return {
    ref: name,
    attributes: { Arn: own, StreamArn: `${own}/stream/2026-01-01T00:00:00.000` },
  };
}

const arn = (service: string, resource: string) =>
  `arn:aws:${service}:${region}:${account}:${resource}`;

const shortId = ({ stackName, logicalId }: Named) => stableId(`${stackName}/${logicalId}`, 10);

function nameOf(named: Named, property: string, maxLength: number): string {
  const given = named.properties[property];
  if (typeof given === "string") return given;
  const { stackName, logicalId } = named;
  const suffix = stableId(`${stackName}/${logicalId}`, 8);
  return `${`${stackName}-${logicalId}`.slice(0, maxLength - suffix.length - 1)}-${suffix}`;
}
