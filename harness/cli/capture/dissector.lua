-- What follows is the same for every wire: it reads frames by the tables above.

local protocol = Proto(wire.filter, wire.words)
local damaged = ProtoExpert.new(wire.filter .. ".malformed", "Malformed", expert.group.MALFORMED, expert.severity.ERROR)
local data_field = ProtoField.bytes(wire.filter .. ".data", "data")
local padding_field = ProtoField.bytes(wire.filter .. ".padding", "padding")

protocol.experts = { damaged }

local bases = { decimal = base.DEC, hexadecimal = base.HEX }
local all_fields = { data_field, padding_field }

local function new_field(field)
  local filter = wire.filter .. "." .. field.filter
  if field.form == "address" then return ProtoField.ether(filter, field.name, field.meaning) end
  local kinds = { ProtoField.uint8, ProtoField.uint16, ProtoField.uint24, ProtoField.uint32 }
  local kind = kinds[field.octets] or ProtoField.uint64
  return kind(filter, field.name, bases[field.form], field.values, nil, field.meaning)
end

for _, header in ipairs(wire.headers) do
  for _, field in ipairs(header.fields) do
    field.shown = new_field(field)
    table.insert(all_fields, field.shown)
  end
end
protocol.fields = all_fields

local function is_met(when, seen)
  for name, value in pairs(when) do
    if seen[name] ~= value then return false end
  end
  return true
end

local function number_in(range)
  if wire.order == "little" then return range:le_uint64():tonumber() end
  return range:uint64():tonumber()
end

-- Shows the fields of a header that lie inside the frame; false if it goes on behind its end.
local function show_header(header, buffer, at, tree, seen)
  local is_whole = at + header.octets <= buffer:len()
  local shown = tree:add(buffer(at, math.min(header.octets, buffer:len() - at)), header.name)
  for _, field in ipairs(header.fields) do
    if at + field.offset + field.octets <= buffer:len() then
      local range = buffer(at + field.offset, field.octets)
      seen[field.name] = number_in(range)
      if wire.order == "little" and field.form ~= "address" then
        shown:add_le(field.shown, range)
      else
        shown:add(field.shown, range)
      end
    end
  end
  return is_whole
end

-- One line, with the values of fields in their {places}.
local function summary_of(seen, octets)
  local pattern = wire.summaries[seen.type]
  if not pattern then return string.format("%d octets", octets) end
  return (pattern:gsub("{([^{}]+)}", function(name) return string.format("%d", seen[name] or 0) end))
end

function protocol.dissector(buffer, packet, root)
  packet.cols.protocol = wire.filter:upper()
  local tree = root:add(protocol, buffer())
  local function accuse(why)
    tree:add_proto_expert_info(damaged, why)
    packet.cols.info:append(" (" .. why .. ")")
  end
  local seen, at, problem = {}, 0, nil
  for _, header in ipairs(wire.headers) do
    if is_met(header.when, seen) then
      if at >= buffer:len() or not show_header(header, buffer, at, tree, seen) then
        problem = "it ends inside its " .. header.name
        at = buffer:len()
        break
      end
      at = at + header.octets
    end
  end
  local summary = summary_of(seen, buffer:len())
  tree:append_text(": " .. summary)
  packet.cols.info = summary
  if problem then return accuse(problem) end
  if seen.type and not wire.summaries[seen.type] then accuse("its type " .. seen.type .. " is unknown") end
  local rest = buffer:len() - at
  local length = is_met(wire.data.when, seen) and seen[wire.data.octets] or 0
  if length > rest then accuse(string.format("its %s %d is more than what follows its headers", wire.data.octets, length)) end
  local octets = math.min(length, rest)
  if octets > 0 then tree:add(data_field, buffer(at, octets)) end
  if rest > octets then tree:add(padding_field, buffer(at + octets, rest - octets)) end
end

DissectorTable.get("ethertype"):add(wire.ethertype, protocol)
