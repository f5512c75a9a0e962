import { type ReportMessage, reportMessage } from '../shared/domain/messages.ts';
import type { Deps } from '../shared/ports.ts';
import { sendAlerts } from '../shared/usecases/send-alerts.ts';
import { sendAsk } from '../shared/usecases/send-ask.ts';
import { sendReport } from '../shared/usecases/send-report.ts';
import { weeklyReport } from '../shared/usecases/weekly-report.ts';
import { type QueueHandler, queuePipeline } from './pipeline.ts';
import { deps } from './runtime.ts';

/** The report queue: weekly ticks, mails to send, alerts, and who is to publish by hand. */
export const reportHandler = (on: () => Deps): QueueHandler =>
  queuePipeline<ReportMessage>(reportMessage, handle, {
    deps: on,
    resend: (message, ready, delaySeconds) =>
      ready.reportQueue.send(message, { delaySeconds, group: message.agencyId }),
    deadLetters: (ready) => ready.deadLetters('report'),
  });

export const handler = reportHandler(deps);

async function handle(message: ReportMessage, ready: Deps): Promise<void> {
  switch (message.kind) {
    case 'weekly':
      return weeklyReport(ready, { agencyId: message.agencyId, brandId: message.brandId });
    case 'send':
      return sendReport(ready, message);
    case 'alert':
      return sendAlerts(ready, { agencyId: message.agencyId, brandId: message.brandId });
    case 'ask':
      return sendAsk(ready, message);
  }
}
