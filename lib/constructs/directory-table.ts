import { RemovalPolicy } from "aws-cdk-lib";
import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableV2,
} from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";

/** What functions do to items. */
export type TableAction =
  | "GetItem"
  | "BatchGetItem"
  | "BatchWriteItem"
  | "PutItem"
  | "UpdateItem"
  | "DeleteItem"
  | "Query"
  | "Scan"
  | "ConditionCheckItem";

/** Memberships by their member. */
const memberIndex = "gsi1";

/** The one table: users, groups, memberships and all that is kept beside them. */
export class DirectoryTable extends Construct {
  readonly #table: TableV2;

  constructor(scope: Construct, id: string, props: { retain: boolean }) {
    super(scope, id);
    this.#table = new TableV2(this, "Table", {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      sortKey: { name: "sk", type: AttributeType.STRING },
      globalSecondaryIndexes: [
        {
          indexName: memberIndex,
          partitionKey: { name: "gsi1pk", type: AttributeType.STRING },
          sortKey: { name: "gsi1sk", type: AttributeType.STRING },
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
      billing: Billing.onDemand(),
      timeToLiveAttribute: "expiresAt",
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: props.retain,
      removalPolicy: props.retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  /** Of what is written, in order; kept for 24 hours. */
  get streamArn(): string {
    const { tableStreamArn: arn } = this.#table;
    if (arn === undefined) throw new Error("The table has a stream, and so an ARN of it.");
    return arn;
  }

  /** Gives `fn` the table's name together with these actions on it, and no others. */
  grant(fn: LambdaFunction, ...actions: TableAction[]): void {
    fn.addEnvironment("TABLE_NAME", this.#table.tableName);
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: actions.map((action) => `dynamodb:${action}`),
        resources: [this.#table.tableArn],
      }),
    );
  }

  /** Lets `fn` look up in which groups a user or group is, and nothing else. */
  grantIndexQuery(fn: LambdaFunction): void {
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ["dynamodb:Query"],
        resources: [`${this.#table.tableArn}/index/${memberIndex}`],
      }),
    );
  }

  /** Lets Lambda read the stream on behalf of `fn`, and of no other table. */
  grantStreamRead(fn: LambdaFunction): void {
    const actions = ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"];
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: actions.map((action) => `dynamodb:${action}`),
        resources: [this.streamArn],
      }),
    );
  }
}
