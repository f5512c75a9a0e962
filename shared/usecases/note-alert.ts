import type { Deps } from '../ports.ts';
import type { AlertItem } from '../store-ports.ts';

/** Alerts of one brand are gathered for so long before they are mailed together. */
const GATHER_SECONDS = 10;

/** Something in this brand needs a person: noted for the next alert mail, which leaves within a minute. */
export async function noteAlert(
  deps: Pick<Deps, 'alerts' | 'reportQueue'>,
  alert: { agencyId: string; brandId: string; key: string; item: AlertItem },
): Promise<void> {
  const { agencyId, brandId } = alert;
  await deps.alerts.add(agencyId, brandId, alert.key, alert.item);
  await deps.reportQueue.send(
    { kind: 'alert', agencyId, brandId },
    { delaySeconds: GATHER_SECONDS, group: agencyId },
  );
}
