import { ok, type PublicAction, type PublicRequest } from "../http/action.ts";
import { ScimError } from "../scim/errors.ts";
import type { JsonObject } from "../scim/json.ts";

/** An action that tells what this deployment can do; whoever asks need not be known (RFC 7644, section 4). */
export const discover = (tell: (request: PublicRequest) => JsonObject): PublicAction => ({
  scope: "public",
  run: async (request) => {
    // Section 4 wants filters refused, so that nobody takes the whole for a part, and the rest ignored.
    if (request.query.has("filter"))
      throw new ScimError(403, "What this service can do cannot be filtered; leave out filter.");
    return ok(tell(request));
  },
});
