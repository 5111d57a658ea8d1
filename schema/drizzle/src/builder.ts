/** Drizzle's query builders, as far as this package has to do with them; callers keep the types that Drizzle gives. */

export type Method = (...given: any[]) => any;
export type Builder = Record<string, Method>;

/** Return a method of a builder, bound to it. */
export function bound(builder: Builder, name: string): Method {
  const method = builder[name];
  if (method === undefined)
    throw new TypeError(`Drizzle's builder has no ${name}: this package knows another version.`);
  return method.bind(builder);
}
