import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What Lambda answers to one invocation. */
export interface InvokeReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Whether the connection is cut instead, once the message has come. */
  readonly isLost?: boolean;
  /** Whether no answer comes at all. */
  readonly isSilent?: boolean;
}

export interface AwsStandIn {
  readonly url: string;
  /** Every message that functions were invoked with. */
  readonly messages: readonly unknown[];
  /** What the next invocations are answered; the last goes on for ever. */
  answer(...replies: readonly InvokeReply[]): void;
  stop(): Promise<void>;
}

export interface Stack {
  readonly name: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly status?: string;
}

/** CloudFormation's DescribeStacks and Lambda's Invoke over HTTP, in AWS's own protocols. */
export async function startAwsStandIn(stacks: readonly Stack[] = []): Promise<AwsStandIn> {
  const messages: unknown[] = [];
  let replies: readonly InvokeReply[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request);
    if (!request.url?.startsWith("/2015-03-31/functions/")) {
      describeStacks(new URLSearchParams(body), stacks, response);
      return;
    }
    messages.push(JSON.parse(body));
    const [reply = { body: { ok: true } }, ...more] = replies;
    if (more.length > 0) replies = more;
    if (reply.isSilent) return;
    if (reply.isLost) {
      response.destroy();
      return;
    }
    const headers = { "Content-Type": "application/json", "x-amzn-RequestId": "request-1" };
    response.writeHead(reply.status ?? 200, { ...headers, ...reply.headers });
    response.end(JSON.stringify(reply.body));
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on a port has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    messages,
    answer: (...next) => {
      replies = next;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The query protocol: a form goes in, XML comes out. */
function describeStacks(
  form: URLSearchParams,
  stacks: readonly Stack[],
  response: ServerResponse,
): void {
  const name = form.get("StackName") ?? "";
  const found = stacks.find((stack) => stack.name === name);
  response.writeHead(found ? 200 : 400, { "Content-Type": "text/xml" });
  response.end(found ? describedStack(found) : missingStack(name));
}

const namespace = 'xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"';

const describedStack = ({ name, outputs, status = "UPDATE_COMPLETE" }: Stack) => `
<DescribeStacksResponse ${namespace}>
  <DescribeStacksResult>
    <Stacks>
      <member>
        <StackName>${name}</StackName>
        <StackId>arn:aws:cloudformation:eu-west-1:123456789012:stack/${name}/4f0c1a2b</StackId>
        <StackStatus>${status}</StackStatus>
        <CreationTime>2026-10-01T09:00:00.000Z</CreationTime>
        <Outputs>
          ${Object.entries(outputs)
            .map(
              ([key, value]) =>
                `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
            )
            .join("")}
        </Outputs>
      </member>
    </Stacks>
  </DescribeStacksResult>
  <ResponseMetadata><RequestId>b9b4b068-3a41-11e5-94eb-example</RequestId></ResponseMetadata>
</DescribeStacksResponse>`;

const missingStack = (name: string) => `
<ErrorResponse ${namespace}>
  <Error>
    <Type>Sender</Type>
    <Code>ValidationError</Code>
    <Message>Stack with id ${name} does not exist</Message>
  </Error>
  <RequestId>b9b4b068-3a41-11e5-94eb-example</RequestId>
</ErrorResponse>`;
