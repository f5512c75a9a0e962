/**
 * A module that complains when anything of it is used; importing it is fine. The named imports of a bundle are
 * looked up along the prototype of what `module.exports` holds, so any name is found.
 */
export function absent(complaint: string): string {
  return `module.exports = Object.create(new Proxy({}, {
    get: (_, name) => name === '__esModule' ? true : function () { throw new Error(${JSON.stringify(complaint)}); },
  }));`;
}
