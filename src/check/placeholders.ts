/** `%ATFBIN%`, `@@NAME@@`, `${NAME}`, `$1`, `<NAME>`: what a build is to replace. */
const TOKEN = /%[A-Za-z_][\w-]*%|@@\w+@@|\$\{\w+\}|\$\w+|<[A-Za-z_][\w -]{0,60}>/;

/** The first token of a template in a cell. */
export function placeholderIn(text: string): string | undefined {
  return TOKEN.exec(text)?.[0];
}
