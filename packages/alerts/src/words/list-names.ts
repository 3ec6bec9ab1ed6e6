/** The first names of many, with commas, and how many more there are. */
export function listNames<T>(
  names: readonly string[],
  name: (text: string) => T,
  more: (rest: number) => string,
  most = 5,
): (string | T)[] {
  const shown = names.slice(0, most).flatMap((each, index) => (index === 0 ? [name(each)] : [', ', name(each)]))
  return names.length > most ? [...shown, more(names.length - most)] : shown
}
