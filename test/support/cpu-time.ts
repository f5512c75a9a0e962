/** The CPU that this thread spends on an act, ms: on a busy machine the clock on the wall tells of others' work. */
export function cpuMs(act: () => void): number {
  const before = process.threadCpuUsage();
  act();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}
