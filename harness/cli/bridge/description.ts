// What a bridge says of the library behind it, line by line.

export interface Description {
  /** What the NIC calls itself. */
  readonly name: string
  readonly options: Readonly<Record<string, boolean>>
  readonly values: Readonly<Record<string, number>>
  /** Calls that the library does not export. */
  readonly missing: readonly string[]
}

/** Reads what `bridge --describe` prints. The library may print as well; what is no line of this form is left out. */
export function readDescription(text: string): Description {
  const lines = text.split('\n')
  const valuesOf = (kind: string): [string, string][] =>
    lines.flatMap((line): [string, string][] => {
      const [word, name = '', ...rest] = line.split(' ')
      return word === kind ? [[name, rest.join(' ')]] : []
    })
  return {
    name: /^name (.*)$/m.exec(text)?.[1]?.trim() ?? '',
    options: Object.fromEntries(valuesOf('option').map(([name, value]) => [name, value === 'true'])),
    values: Object.fromEntries(valuesOf('value').map(([name, value]) => [name, Number(value)])),
    missing: valuesOf('missing').map(([name]) => name),
  }
}
