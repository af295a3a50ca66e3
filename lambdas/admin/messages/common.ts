import * as z from "zod/mini";
import { isTenantId } from "../../auth/tenant.ts";

const tenantRule =
  "tenant must be 1 to 63 characters of a-z, 0-9 and -, and neither begin nor end with -";

export const tenant = z.string().check(z.refine(isTenantId, tenantRule));

/** How many of a list are answered at once. */
export const limit = z._default(z.int().check(z.minimum(1), z.maximum(500)), 100);
