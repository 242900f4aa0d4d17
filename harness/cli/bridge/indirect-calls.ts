// Calls that no symbol of their name stands for: the header has a macro of that name, or the function itself.
// The bridge has a function of its own for such a call, in which the call is made as a host program would make it.

/** A call of VIPL, as calls.h of the bridge has it. */
export interface CallShape {
  readonly name: string
  readonly parameters: string
}

/** The calls in calls.h, one on a line. */
export function readCalls(text: string): readonly CallShape[] {
  return [...text.matchAll(/^CALL\((\w+), (.*)\)$/gm)].map(([, name = '', parameters = '']) => ({ name, parameters }))
}

/** Does not compile if the call is a macro or a function of the header, which no symbol can be weak for. */
export function symbolProbe({ name }: CallShape): string {
  return `#ifdef ${name}\n#error a macro\n#endif\n#pragma weak ${name}`
}

function standIn({ name }: CallShape): string {
  return `viaduct_${name}`
}

/** What follows the header so that the name means the bridge's own function. */
export function redirection(call: CallShape): string {
  const { name, parameters } = call
  return `#undef ${name}\n#define ${name} ${standIn(call)}\nextern VIP_RETURN ${name}(${parameters});`
}

/** That function, where the header still means the call. */
export function definition(call: CallShape): string {
  const types = parametersOf(call)
  const declared = types.map((type, place) => `__typeof__(${type}) p${place}`)
  const passed = types.map((_, place) => `p${place}`)
  const head = `VIP_RETURN ${standIn(call)}(${declared.join(', ')})`
  return `${head};\n${head} { return ${call.name}(${passed.join(', ')}); }`
}

/** The types of the parameters; commas within parentheses belong to one. */
function parametersOf({ parameters }: CallShape): readonly string[] {
  const types = ['']
  let depth = 0
  for (const character of parameters) {
    if (character === '(') depth++
    if (character === ')') depth--
    if (character === ',' && depth === 0) types.push('')
    else types.push(`${types.pop() ?? ''}${character}`)
  }
  return types.map((type) => type.trim())
}
