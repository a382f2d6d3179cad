"""The register: investors, enterprises, projects, their capital and the land they hold."""
