import { type ResourceTypes, standardTypes } from "./scim/resource-types.ts";

/** The resource types of this deployment. */
export const readDeploymentTypes = (): ResourceTypes => standardTypes;
