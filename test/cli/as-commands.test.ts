import { expect, test } from "@jest/globals";
import { asCommands } from "../../cli/as-commands.ts";

test.each([
  ['{"action":"tenant.create","tenant":"acme"}', "`rollcall tenant create acme`"],
  ['{"action":"user.listDeleted","tenant":"acme"}', "`rollcall user deleted acme`"],
  [
    '{"action":"token.rotate","tenant":"acme","tokenId":"k3x","overlapHours":72}',
    "`rollcall token rotate acme k3x --overlap 72h`",
  ],
  [
    '{"action":"token.rotate","tenant":"acme","tokenId":"k3x","overlapHours":0,"confirm":true}',
    "`rollcall token rotate acme k3x --overlap 0 --even-if-used`",
  ],
])("%s is said as %s", (message, command) => {
  expect(asCommands(`Do it: ${message}.`)).toBe(`Do it: ${command}.`);
});

test.each([
  '{"action":"token.rotate","tenant":"acme","unheardOf":1}',
  '{"action":"broken",}',
  '{"credential":{"kind":"token","id":"k3x"}}',
])("%s is left as it is", (text) => {
  expect(asCommands(text)).toBe(text);
});
