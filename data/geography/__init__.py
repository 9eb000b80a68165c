"""Areas, how they nest, and the shapes that a map draws. Importing this package stays light."""
