/// A node (`N`), as of Bolt 5.0 with an element id beside the numeric one.
struct BoltNode {
    static let tag: UInt8 = 0x4E

    var id: Int64
    var labels: [String]
    var properties: BoltMap
    var elementID: String
}

extension BoltNode: BoltStructured {
    init?(fields: [BoltValue]) {
        guard fields.count == 4, case .integer(let id) = fields[0], let labels = fields[1].strings,
            case .map(let properties) = fields[2], case .string(let elementID) = fields[3]
        else { return nil }
        self.init(id: id, labels: labels, properties: properties, elementID: elementID)
    }

    var fields: [BoltValue] {
        [.integer(id), .list(labels.map(BoltValue.string)), .map(properties), .string(elementID)]
    }
}

/// A relationship between two nodes (`R`).
struct BoltRelationship {
    static let tag: UInt8 = 0x52

    var id: Int64
    var startID: Int64
    var endID: Int64
    var type: String
    var properties: BoltMap
    var elementID: String
    var startElementID: String
    var endElementID: String
}

extension BoltRelationship: BoltStructured {
    init?(fields: [BoltValue]) {
        guard fields.count == 8, case .integer(let id) = fields[0], case .integer(let startID) = fields[1],
            case .integer(let endID) = fields[2], case .string(let type) = fields[3],
            case .map(let properties) = fields[4], case .string(let elementID) = fields[5],
            case .string(let startElementID) = fields[6], case .string(let endElementID) = fields[7]
        else { return nil }
        self.id = id
        self.startID = startID
        self.endID = endID
        self.type = type
        self.properties = properties
        self.elementID = elementID
        self.startElementID = startElementID
        self.endElementID = endElementID
    }

    var fields: [BoltValue] {
        [
            .integer(id), .integer(startID), .integer(endID), .string(type), .map(properties), .string(elementID),
            .string(startElementID), .string(endElementID),
        ]
    }
}

/// A relationship as a part of a path (`r`), which says itself what it joins.
struct BoltUnboundRelationship {
    static let tag: UInt8 = 0x72

    var id: Int64
    var type: String
    var properties: BoltMap
    var elementID: String
}

extension BoltUnboundRelationship: BoltStructured {
    init?(fields: [BoltValue]) {
        guard fields.count == 4, case .integer(let id) = fields[0], case .string(let type) = fields[1],
            case .map(let properties) = fields[2], case .string(let elementID) = fields[3]
        else { return nil }
        self.id = id
        self.type = type
        self.properties = properties
        self.elementID = elementID
    }

    var fields: [BoltValue] {
        [.integer(id), .string(type), .map(properties), .string(elementID)]
    }
}

/// A path (`P`): `indices` takes turns between a relationship, counted from 1 and negative when it is gone against its
/// direction, and a node, counted from 0; the first node is not named.
struct BoltPath {
    static let tag: UInt8 = 0x50

    var nodes: [BoltNode]
    var relationships: [BoltUnboundRelationship]
    var indices: [Int64]
}

extension BoltPath: BoltStructured {
    init?(fields: [BoltValue]) {
        guard fields.count == 3, case .list(let nodes) = fields[0], case .list(let relationships) = fields[1],
            case .list(let indices) = fields[2]
        else { return nil }
        self.nodes = nodes.compactMap { if case .node(let node) = $0 { node } else { nil } }
        self.relationships = relationships.compactMap {
            if case .unboundRelationship(let relationship) = $0 { relationship } else { nil }
        }
        self.indices = indices.compactMap { if case .integer(let index) = $0 { index } else { nil } }
        guard self.nodes.count == nodes.count, self.relationships.count == relationships.count,
            self.indices.count == indices.count, pointsInside
        else { return nil }
    }

    private var pointsInside: Bool {
        !nodes.isEmpty && indices.count.isMultiple(of: 2)
            && indices.enumerated().allSatisfy { position, index in
                position.isMultiple(of: 2)
                    ? index != 0 && index.magnitude <= relationships.count : index >= 0 && index < nodes.count
            }
    }

    var fields: [BoltValue] {
        [
            .list(nodes.map(BoltValue.node)), .list(relationships.map(BoltValue.unboundRelationship)),
            .list(indices.map(BoltValue.integer)),
        ]
    }
}

extension BoltValue {
    /// The texts of a list of nothing but texts.
    fileprivate var strings: [String]? {
        guard case .list(let values) = self else { return nil }
        let texts = values.compactMap { if case .string(let text) = $0 { text } else { nil } }
        return texts.count == values.count ? texts : nil
    }
}
