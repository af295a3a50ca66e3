import type * as z from "zod/mini";

/** What a setting can be, as far as it matters to who types it. */
export type Kind =
  | { readonly kind: "boolean" | "number" | "text" | "list" }
  | { readonly kind: "choice"; readonly choices: readonly string[] }
  | { readonly kind: "parts"; readonly parts: Readonly<Record<string, Kind>> };

/** Read from the shape by which the service checks it, so that a new setting is known here too. */
export function kindOf(shape: z.core.$ZodType): Kind {
  // What a shape is made of is typed for its own kind only, which `type` tells.
  const { def } = (shape as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "optional":
    case "nullable":
    case "default":
      return kindOf(def.innerType);
    case "boolean":
      return { kind: "boolean" };
    case "number":
      return { kind: "number" };
    case "enum":
      return { kind: "choice", choices: Object.values(def.entries).map(String) };
    case "array":
      return { kind: "list" };
    case "object":
      return {
        kind: "parts",
        parts: Object.fromEntries(
          Object.entries(def.shape).map(([name, part]) => [name, kindOf(part)]),
        ),
      };
    default:
      return { kind: "text" };
  }
}
