import { mediaInspector } from '../shared/adapters/media/inspector.ts';
import type { Deps, Inspector } from '../shared/ports.ts';
import { deps } from './runtime.ts';

/** The composition root of the function that looks at uploads: all that the others have, and the inspector. */
export function mediaDeps(): Deps {
  built ??= withInspector(deps());
  return built;
}

let built: Deps | undefined;

/** Its getters are taken over as they are: nothing is built before something asks for it. */
function withInspector(others: Deps): Deps {
  let inspector: Inspector | undefined;
  const get = (): Inspector => {
    inspector ??= mediaInspector(others.bucket);
    return inspector;
  };
  return Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(others), inspector: { enumerable: true, get } },
  ) as Deps;
}
