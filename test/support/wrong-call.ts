/** Ends a command that was called wrongly: what is wrong, and how it is called, without a stack trace. */
export function refuse(message: string, usage: string): never {
  process.stderr.write(`${message}\nusage: ${usage}\n`);
  process.exit(2);
}

/** What `read` makes of the arguments; what it does not understand is refused. */
export function orRefuse<Values>(read: () => Values, usage: string): Values {
  try {
    return read();
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error), usage);
  }
}
