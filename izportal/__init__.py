"""The portal of the Management Board of Industrial Zones of Thái Nguyên: ground floor and roof."""
