"""What `./run bench map` compares our map with: pages as people write them without it."""
