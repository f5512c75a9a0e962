/**
 * Is this the error that AWS calls so? The SDK's error classes are not in the bundles: with all that a service
 * knows they are heavy, and the name says as much (see infra/slim-sdk.ts).
 */
export function isError(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
