import { SCOPES, type Scope } from '../../shared/domain/agency.ts';
import { AppError } from '../../shared/domain/app-error.ts';
import type { Caller } from './route.ts';

/** May this caller know of that brand at all? */
export function seesBrand(caller: Caller, brandId: string): boolean {
  return caller.brandIds === undefined || caller.brandIds.includes(brandId);
}

/** 403 for a key that is limited to some brands, where the act concerns the whole agency. */
export function wholeAgency(caller: Caller): void {
  if (caller.brandIds !== undefined) {
    throw new AppError('forbidden', 'This key is limited to some brands; this needs one for all of them.');
  }
}

/** `admin` includes `editor` includes `reader`. */
export function allows(scope: Scope, needed: Scope): boolean {
  return SCOPES.indexOf(scope) >= SCOPES.indexOf(needed);
}
