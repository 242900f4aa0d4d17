// Which return codes a call of VIPL may answer just now, by the causes that there are to refuse it.
import type { ViplOperation } from '../../vocabulary/via-calls.ts'
import { viaReturnCodes, vipReturns, type ViaReturn, type VipReturn } from '../../vocabulary/via-returns.ts'
import type { Affirmed } from '../affirmed.ts'
import { forbidden, type Judged } from '../forbidden.ts'

/**
 * By which requirements each call succeeds when there is no cause to refuse it. Calls that are not here may be missing
 * from an implementation, and nothing is said of them but their documented codes.
 */
export const requirementsOfSuccess: Readonly<Partial<Record<ViplOperation, readonly string[]>>> = {
  VipOpenNic: ['VIA-NIC-001', 'VIA-NIC-002', 'VIA-NIC-004'],
  VipCloseNic: ['VIA-NIC-005'],
  VipQueryNic: ['VIA-NIC-001', 'VIA-NIC-006', 'VIA-NIC-005'],
  VipCreateVi: ['VIA-VI-001', 'VIA-VI-007', 'VIA-VI-008', 'VIA-VI-018', 'VIA-NIC-010'],
  VipDestroyVi: ['VIA-VI-011', 'VIA-CQ-013', 'VIA-FLUSH-006'],
  VipQueryVi: ['VIA-VI-012'],
  VipSetViAttributes: ['VIA-VI-014'],
  VipCreatePtag: ['VIA-PTAG-001', 'VIA-PTAG-002'],
  VipDestroyPtag: ['VIA-PTAG-003', 'VIA-PTAG-004', 'VIA-FLUSH-006'],
  VipRegisterMem: ['VIA-MEM-001', 'VIA-MEM-002', 'VIA-MEM-005', 'VIA-MEM-006'],
  VipDeregisterMem: ['VIA-MEM-007', 'VIA-MEM-006'],
  VipQueryMem: ['VIA-MEM-011'],
  VipSetMemAttributes: ['VIA-MEM-012', 'VIA-MEM-013'],
  VipConnectWait: ['VIA-CON-001', 'VIA-CON-012'],
  VipConnectAccept: ['VIA-CON-001', 'VIA-CON-018', 'VIA-CON-019'],
  VipConnectReject: ['VIA-CON-008', 'VIA-CON-019'],
  VipConnectRequest: ['VIA-CON-001', 'VIA-CON-004', 'VIA-VI-017'],
  VipDisconnect: ['VIA-DISC-001', 'VIA-DISC-003', 'VIA-DISC-004', 'VIA-DISC-005', 'VIA-CON-028'],
  VipPostSend: ['VIA-POST-003', 'VIA-POST-004', 'VIA-POST-005'],
  VipPostRecv: ['VIA-POST-001', 'VIA-POST-002', 'VIA-POST-004', 'VIA-POST-005'],
  VipSendDone: ['VIA-DONE-005'],
  VipRecvDone: ['VIA-DONE-001', 'VIA-DONE-004'],
  VipSendWait: ['VIA-WAIT-001'],
  VipRecvWait: ['VIA-WAIT-001'],
  VipCreateCQ: ['VIA-CQ-001', 'VIA-CQ-003'],
  VipDestroyCQ: ['VIA-CQ-001', 'VIA-CQ-012', 'VIA-CQ-013'],
  VipResizeCQ: ['VIA-CQ-015'],
  VipCQDone: ['VIA-CQ-007'],
  VipCQWait: ['VIA-CQ-009'],
  VipErrorCallback: ['VIA-ERR-001', 'VIA-ERR-002'],
  VipNSInit: ['VIA-NS-001'],
  VipNSGetHostByName: ['VIA-NS-002', 'VIA-NS-001', 'VIA-NS-003'],
  VipNSGetHostByAddr: ['VIA-NS-004', 'VIA-NS-001', 'VIA-NS-005', 'VIA-NS-006'],
  VipNSShutdown: ['VIA-NS-001'],
}

/** Sets of return codes: one bit for each. */
export const codes = {
  notDone: bitOf('VIP_NOT_DONE'),
  parameter: bitOf('VIP_INVALID_PARAMETER'),
  resource: bitOf('VIP_ERROR_RESOURCE'),
  timeout: bitOf('VIP_TIMEOUT'),
  reject: bitOf('VIP_REJECT'),
  level: bitOf('VIP_INVALID_RELIABILITY_LEVEL'),
  mtu: bitOf('VIP_INVALID_MTU'),
  qos: bitOf('VIP_INVALID_QOS'),
  ptag: bitOf('VIP_INVALID_PTAG'),
  rdmaRead: bitOf('VIP_INVALID_RDMAREAD'),
  state: bitOf('VIP_INVALID_STATE'),
  nameService: bitOf('VIP_ERROR_NAMESERVICE'),
  notSupported: bitOf('VIP_ERROR_NOT_SUPPORTED'),
  noMatch: bitOf('VIP_NO_MATCH'),
  notReachable: bitOf('VIP_NOT_REACHABLE'),
} as const

function bitOf(code: VipReturn): number {
  return 1 << vipReturns[code]
}

/** The causes that there are to refuse one call. It is used again for each call. */
export class Ruling {
  private operation: ViplOperation = 'VipOpenNic'
  private host = ''
  /** Refusals that are allowed. */
  private allowed = 0
  private mustRefuse = false
  /** Other calls of the host went on meanwhile, so that causes may have come and gone. */
  private isLenient = false
  /** Requirements by which it must be refused. */
  private readonly requirements: string[] = []
  /** Codes that are wrong by a requirement of their own, if they are not allowed. */
  private readonly blamed: { codes: number; requirement: string }[] = []
  /** Of each refusal that must be, by which codes it can be. */
  private readonly refusing: number[] = []
  private readonly affirmed: Affirmed

  constructor(affirmed: Affirmed) {
    this.affirmed = affirmed
  }

  start(operation: ViplOperation, host: string, isLenient: boolean): void {
    this.operation = operation
    this.host = host
    this.isLenient = isLenient
    this.allowed = 0
    this.mustRefuse = false
    if (this.requirements.length > 0) this.requirements.length = 0
    if (this.blamed.length > 0) this.blamed.length = 0
    if (this.refusing.length > 0) this.refusing.length = 0
  }

  /** Success cannot be, and these codes say why. */
  refuse(refusals: number, requirement: string): void {
    this.allowed |= refusals
    this.mustRefuse = true
    this.requirements.push(requirement)
    this.refusing.push(refusals)
  }

  /** These codes may be, and so may success. */
  permit(refusals: number): void {
    this.allowed |= refusals
  }

  /** If one of these codes is not allowed, that is by this requirement. */
  blame(wrong: number, requirement: string): void {
    this.blamed.push({ codes: wrong, requirement })
  }

  judge({ code }: ViaReturn): Judged {
    if (this.isLenient) return undefined
    const isWell = code === 'VIP_SUCCESS'
    if (isWell ? !this.mustRefuse : code !== 'unknown' && (this.allowed & bitOf(code)) !== 0) return this.affirm(code)
    const { operation, host } = this
    return forbidden(this.requirementsOf(code), `${host}'s ${operation} answered ${code}; ${this.rightWords()}`)
  }

  /** A call that had to be refused, and by one code alone, was. */
  private affirm(code: ViaReturn['code']): undefined {
    if (!this.mustRefuse || code === 'unknown' || !this.affirmed.isWanted) return
    for (const [place, requirement] of this.requirements.entries()) {
      if (this.refusing[place] === bitOf(code)) this.affirmed.right(requirement)
    }
  }

  private requirementsOf(code: ViaReturn['code']): readonly string[] {
    if (this.mustRefuse) return [...this.requirements]
    const blamed = code === 'unknown' ? [] : this.blamed.filter(({ codes: wrong }) => (wrong & bitOf(code)) !== 0)
    if (blamed.length > 0) return blamed.map(({ requirement }) => requirement)
    return requirementsOfSuccess[this.operation] ?? []
  }

  private rightWords(): string {
    const right: string[] = this.mustRefuse ? [] : ['VIP_SUCCESS']
    for (const [code, value] of Object.entries(vipReturns)) if (this.allowed & (1 << value)) right.push(code)
    return `right were ${right.join(', ')}`
  }
}

/** Whether the call documents the code at all. */
export function judgeDocumented(operation: ViplOperation, host: string, { code }: ViaReturn): Judged {
  const requirements = requirementsOfSuccess[operation]
  if (!requirements || (code !== 'unknown' && viaReturnCodes[operation][code])) return undefined
  return forbidden(requirements, `${host}'s ${operation} answered ${code}, which the call does not document`)
}
