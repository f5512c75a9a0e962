import type { Route } from './route.ts';
import { ROUTE_FILES } from './route-files.ts';

/** Every endpoint there is, all read: for what tells of them, not for what answers. */
export const routes: readonly Route[] = (await Promise.all(ROUTE_FILES.map(({ read }) => read()))).flat();
