export type RefusalCode =
  | "invalidMessage"
  | "tenantExists"
  | "unknownTenant"
  | "secretInUse"
  | "tenantDeleted"
  | "tenantErased"
  | "hasGroups"
  | "unknownToken"
  | "tokenNotActive"
  | "tooManyTokens"
  | "unknownUser"
  | "severalUsers"
  | "notDeleted"
  | "valueTaken"
  | "seatsTaken";

/** A command that is not carried out, in words that tell the operator how to mend it. */
export class AdminRefusal extends Error {
  override readonly name = "AdminRefusal";

  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}

export const unknownTenant = (tenant: string) =>
  new AdminRefusal(
    "unknownTenant",
    `There is no tenant "${tenant}". Create it first: {"action":"tenant.create","tenant":"${tenant}"}.`,
  );

export const unknownToken = (tenant: string, tokenId: string) =>
  new AdminRefusal(
    "unknownToken",
    `Tenant "${tenant}" has no token "${tokenId}". {"action":"token.list","tenant":"${tenant}"} lists those it has.`,
  );
